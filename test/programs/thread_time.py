"""Reads time.thread_time() some 10,000 times a second, until it is ended."""

import time

while True:
    for _ in range(50):
        time.thread_time()
    time.sleep(0.005)
