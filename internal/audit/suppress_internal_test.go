package audit

import (
	"io"
	"strings"
	"testing"
)

// blanks is a reader of blanks for ever.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Whatever a file is, reading it ends: at its limit, which is said.
func TestReadBaseline_isBounded(t *testing.T) {
	const limit, line = 2 << 20, "00112233445566778899aabbccddeeff\n"
	for name, in := range map[string]io.Reader{
		"a report":        io.MultiReader(strings.NewReader(`{"schema":1,`), blanks{}),
		"many in one":     strings.NewReader(strings.Repeat(`{"fingerprint":"00"}`, limit/20+1)),
		"as fingerprints": strings.NewReader(strings.Repeat(line, limit/len(line)+1)),
	} {
		if _, err := readBaseline(in, limit); err == nil || err.Error() != "is larger than a report of an audit may be, which is 2 MiB" {
			t.Errorf("%s: got %.300v", name, err)
		}
	}
	if known, err := readBaseline(strings.NewReader(line), int64(len(line))+1); err != nil || len(known) != 1 {
		t.Errorf("below the limit: got %v, %v", known, err)
	}
}
