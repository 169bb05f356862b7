// Reads the time by time.Now() some 20,000 times a second, until it is ended.
package main

import "time"

var last time.Time

func main() {
	for {
		for i := 0; i < 100; i++ {
			last = time.Now()
		}
		time.Sleep(5 * time.Millisecond)
	}
}
