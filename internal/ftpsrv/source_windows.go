package ftpsrv

// What is moved under one deadline: by the system, and through a buffer. Windows
// does not tell how much of a send had gone out when it is cancelled, so a client
// must take a whole piece before the deadline, or it would be cut off as silent.
const (
	kernelChunk  = 64 << 10
	bufferOctets = 64 << 10
)
