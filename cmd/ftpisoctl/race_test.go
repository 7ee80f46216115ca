//go:build race && !embedded

package main

// raced programs hold several times the memory.
const raced = true
