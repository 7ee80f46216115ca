package adsim

import (
	"errors"
	"testing"
)

// FuzzSyncControl: whatever the value of the control is, it is read or called
// malformed, and a cookie that it holds opens only if it is one of ours.
func FuzzSyncControl(f *testing.F) {
	key := syncKey("a key")
	f.Add("\x30\x09\x02\x01\x01\x02\x02\x10\x00\x04\x00")
	f.Add("\x30\x0b\x02\x05\x00\x80\x00\x00\x01\x02\x01\x00\x04\x00")
	f.Add("\x30\x1e\x02\x01\x01\x02\x01\x00\x04\x18" + key.newCookie(12345))
	f.Add("\x30\x00")
	f.Fuzz(func(t *testing.T, value string) {
		c, err := decodeSync(value)
		if err != nil {
			if !errors.Is(err, errMalformed) {
				t.Fatalf("got %v, want malformed", err)
			}
			return
		}
		if c.octets < 0 {
			t.Fatalf("an answer of %d octets", c.octets)
		}
		if usn, ok := key.openCookie(c.cookie); ok && key.newCookie(usn) != c.cookie {
			t.Fatal("a cookie opens that is not what we make")
		}
	})
}

func TestHistory_keepsAFewMembers(t *testing.T) {
	var h history
	for i := range int64(maxLinkStamps) {
		h.link(nil, []string{"CN=a"}, i+1)
	}
	if h.known != 0 || len(h.links) != maxLinkStamps {
		t.Errorf("got %d changes after %d", len(h.links), h.known)
	}
	h.link([]string{"CN=a", "CN=b"}, []string{"CN=b"}, 2000)
	if h.known != 1 || len(h.links) != maxLinkStamps || h.links[maxLinkStamps-1] != (linkStamp{"CN=a", 2000, false}) {
		t.Errorf("got %d changes after %d, the last %v", len(h.links), h.known, h.links[maxLinkStamps-1])
	}
}
