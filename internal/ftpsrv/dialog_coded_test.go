package ftpsrv_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"time"
)

// coded are the events about MODE Z and about checksums.
func (p *player) coded(name, arg string) (known bool) {
	p.t.Helper()
	switch name {
	case "inflated": // is what all that comes on the data connection becomes
		want := p.unescape(arg)
		zr, err := zlib.NewReader(p.stream())
		if err != nil {
			p.t.Fatalf("line %d: %v", p.at, err)
		}
		if got, err := io.ReadAll(zr); err != nil || string(got) != want {
			p.t.Errorf("line %d: data %q, %v, want %q", p.at, got, err, want)
		}
		if behind, err := io.ReadAll(p.stream()); err != nil || len(behind) > 0 {
			p.t.Errorf("line %d: %q, %v behind the compressed stream", p.at, behind, err)
		}
		_ = p.stream().Close()
	case "deflate": // and send it
		p.write(deflated(p.unescape(arg)))
	case "deflate-half": // of it, as it would be cut off
		stream := deflated(p.unescape(arg))
		p.write(stream[:len(stream)/2])
	case "deflate-bomb": // so many mebibytes of nothing
		p.write(deflated(strings.Repeat("\x00", int(p.mebibytes(arg)))))
	default:
		return false
	}
	return true
}

func (p *player) mebibytes(arg string) int64 { return int64(must(p.t)(strconv.Atoi(arg))) << 20 }

func (p *player) write(data []byte) {
	p.t.Helper()
	_ = p.data.SetDeadline(time.Now().Add(patience)) // making the data has taken its time
	if _, err := p.stream().Write(data); err != nil {
		p.t.Logf("line %d: %v", p.at, err) // the server may have had enough
	}
}

func deflated(text string) []byte {
	var b bytes.Buffer
	zw := zlib.NewWriter(&b)
	_, _ = io.WriteString(zw, text)
	_ = zw.Close()
	return b.Bytes()
}
