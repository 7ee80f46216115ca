package homedir

import (
	"fmt"
	"strings"
)

// CheckServers returns an error if pattern names no file servers. It must be a
// host name as it stands in a UNC path, or "*." and a suffix; a star anywhere
// else could admit a host that nobody thought of, and is refused.
func CheckServers(pattern string) error {
	if !validHost(strings.TrimPrefix(pattern, "*.")) {
		return fmt.Errorf("%q is no host name or *.suffix", pattern)
	}
	return nil
}

// MatchServers reports whether pattern names server, whatever the letter case:
// an exact name names itself, *.suffix every host that ends in .suffix, however
// many labels stand before it. What CheckServers refuses names nobody.
func MatchServers(pattern, server string) bool {
	if !validHost(server) {
		return false
	}
	pattern, server = strings.ToLower(pattern), strings.ToLower(server)
	suffix, ok := strings.CutPrefix(pattern, "*")
	if !ok {
		return pattern == server
	}
	return CheckServers(pattern) == nil && strings.HasSuffix(server, suffix)
}
