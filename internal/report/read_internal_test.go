package report

import (
	"io"
	"strings"
	"testing"
)

// endless is a reader of one octet for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// Whatever a file is, reading it ends: at its limit, which is said.
func TestRead_isBounded(t *testing.T) {
	const limit = 2 << 20
	tests := map[string]io.Reader{
		"a text":    io.MultiReader(strings.NewReader(`{"schema":1,"tool":"`), endless('x')),
		"blanks":    io.MultiReader(strings.NewReader(`{"schema":1,`), endless(' ')),
		"no object": endless('1'),
	}
	for name, in := range tests {
		if _, _, err := read(in, limit); err == nil || err.Error() != "is larger than a report of an audit may be, which is 2 MiB" {
			t.Errorf("%s: got %.300v", name, err)
		}
	}
	whole := `{"schema":1,"rules":[],"findings":[]}`
	if _, _, err := read(strings.NewReader(whole), int64(len(whole))+1); err != nil {
		t.Errorf("a report below the limit: %v", err)
	}
}
