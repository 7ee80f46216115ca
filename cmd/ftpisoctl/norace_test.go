//go:build !race && !embedded

package main

const raced = false
