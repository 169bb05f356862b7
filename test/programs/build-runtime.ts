import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Path of a library that shows what tells a JVM, and holds nothing else. */
export function buildRuntime(directory: string): string {
  const library = join(directory, 'libjvm.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-o', library, '-x', 'c', '-'], {
    input: 'char JNI_CreateJavaVM[8] = "x";\n',
  });
  return library;
}
