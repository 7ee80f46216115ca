//go:build !linux

package ftpsrv

import "net"

// unacknowledged cannot be asked here.
func unacknowledged(net.Conn) int { return 0 }
