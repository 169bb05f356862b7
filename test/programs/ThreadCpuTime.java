import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Asks ThreadMXBean for the CPU time of its own thread some 10,000 times a second, until it is ended. */
public class ThreadCpuTime {
    static long last;

    public static void main(String[] arguments) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        while (true) {
            for (int i = 0; i < 50; i++) last = threads.getCurrentThreadCpuTime();
            Thread.sleep(5);
        }
    }
}
