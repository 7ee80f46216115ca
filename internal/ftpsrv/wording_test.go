package ftpsrv_test

import (
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv"
)

// Every octet of the code page is a character and comes back as the octet.
func TestCodePage_everyOctet(t *testing.T) {
	seen := make(map[string]bool)
	for b := range 256 {
		octet := string([]byte{byte(b)})
		text := ftpsrv.FromANSI(octet)
		if seen[text] {
			t.Errorf("%02x is %q, as another octet is", b, text)
		}
		seen[text] = true
		if got := ftpsrv.ToANSI(text); got != octet {
			t.Errorf("%02x became %q and %q", b, text, got)
		}
	}
}

func TestCodePage_texts(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain.txt": "plain.txt", "Grüße": "Gr\xfc\xdfe", "5 €": "5 \x80", "“q”": "\x93q\x94", "Ж": "?", "a\u0301": "a?", "😀x": "?x",
		"\xff\xfe": "\xff\xfe", // not UTF-8: as it is
	} {
		if got := ftpsrv.ToANSI(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Only a client on this machine sees details (allowLocalDetailedErrors).
func TestLocal(t *testing.T) {
	for _, tt := range []struct {
		server, client string
		want           bool
	}{
		{"127.0.0.1", "127.0.0.1", true},
		{"::1", "::1", true},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"2001:db8::1", "2001:db8::1", true},
		{"2001:db8::1", "2001:db8::2", false},
		{"192.0.2.1", "127.0.0.2", true},
	} {
		if got := ftpsrv.Local(netip.MustParseAddr(tt.server), netip.MustParseAddr(tt.client)); got != tt.want {
			t.Errorf("%s at %s: got %v", tt.client, tt.server, got)
		}
	}
	if ftpsrv.Local(netip.Addr{}, netip.Addr{}) {
		t.Error("a client without an address is local")
	}
}

// Each sub-status that the engine knows has its sentence.
func TestSentences_areComplete(t *testing.T) {
	names := regexp.MustCompile(`(?m)^\t(sub[A-Za-z]+) += (\d+) `)
	source, err := os.ReadFile("reply.go")
	if err != nil {
		t.Fatal(err)
	}
	found := names.FindAllStringSubmatch(string(source), -1)
	if len(found) < 20 {
		t.Fatalf("%d sub-statuses in reply.go", len(found))
	}
	for _, m := range found {
		substatus := must(t)(strconv.Atoi(m[2]))
		if sentence := ftpsrv.Sentences[substatus]; substatus != 0 && !strings.HasSuffix(sentence, ".") {
			t.Errorf("%s has the sentence %q", m[1], sentence)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{
		0: "0", 999: "999", 1000: "1,000", 999_999: "999,999", 1_000_000: "1,000,000", 49_359_065_088: "49,359,065,088", 1<<64 - 1: "18,446,744,073,709,551,615",
	} {
		if got := ftpsrv.Grouped(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}
