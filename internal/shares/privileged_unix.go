//go:build unix

package shares

import "os"

func privileged() bool { return os.Geteuid() == 0 }
