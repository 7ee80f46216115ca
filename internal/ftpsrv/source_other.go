//go:build !windows

package ftpsrv

// What is moved under one deadline: by the system, and through a buffer. How much
// of it has gone when the deadline passes is known, so a slow client loses nothing
// by large pieces.
const (
	kernelChunk  = 4 << 20
	bufferOctets = 256 << 10
)
