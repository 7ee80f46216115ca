//go:build !linux

package cli

import "time"

// monotonic: without systemd nobody asks for it.
func monotonic() time.Duration { return 0 }
