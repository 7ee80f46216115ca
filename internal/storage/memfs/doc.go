// Package memfs keeps a home in memory. It obeys the whole storage contract and
// is meant for tests and benchmarks; names are case-sensitive.
package memfs
