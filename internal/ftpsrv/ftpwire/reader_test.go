package ftpwire_test

import (
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// stream is a connection whose client has sent all it will ever send. It is
// handed out in pieces of at most step octets.
type stream struct {
	net.Conn
	r    io.Reader
	step int
}

func (s *stream) Read(p []byte) (int, error) {
	if s.step > 0 && len(p) > s.step {
		p = p[:s.step]
	}
	return s.r.Read(p)
}

func open(sent string, limit, step int) *ftpwire.Conn {
	return ftpwire.NewConn(&stream{r: strings.NewReader(sent), step: step}, limit, time.Second)
}

type result struct {
	verb, arg string
	octets    int
	err       error
}

func readAll(c *ftpwire.Conn) []result {
	var all []result
	for {
		cmd, err := c.ReadCommand()
		if errors.Is(err, io.EOF) {
			return all
		}
		all = append(all, result{cmd.Verb, cmd.Arg, cmd.Octets, err})
		if errors.Is(err, ftpwire.ErrFlood) {
			return all
		}
	}
}

func TestReadCommand(t *testing.T) {
	long := strings.Repeat("x", 40)
	tests := []struct {
		name, sent string
		want       []result
	}{
		{"verb alone", "NOOP\r\n", []result{{"NOOP", "", 6, nil}}},
		{"argument", "retr a b \r\n", []result{{"RETR", "a b ", 11, nil}}},
		{"second blank belongs to the argument", "CWD  a\r\n", []result{{"CWD", " a", 8, nil}}},
		{"empty line", "\r\n", []result{{"", "", 2, nil}}},
		{"leading blank", " NOOP\r\n", []result{{"", "NOOP", 7, nil}}},
		{"two lines", "NOOP\r\nSYST\r\n", []result{{"NOOP", "", 6, nil}, {"SYST", "", 6, nil}}},
		{"bare LF takes what follows with it", "NOOP\nSYST\r\n", []result{{"", "", 5, ftpwire.ErrBareLF}}},
		{"CR CR LF is one line", "NOOP\r\r\n", []result{{"NOOP\r", "", 7, nil}}},
		{"lone CR is data", "CWD a\rb\r\n", []result{{"CWD", "a\rb", 9, nil}}},
		{"cut short", "QUIT", nil},
		{"too long", "CWD " + long + "\r\nNOOP\r\n", []result{{"", "", 46, ftpwire.ErrTooLong}, {"NOOP", "", 6, nil}}},
		{"too long, ended by LF", "CWD " + long + "\nNOOP\r\n", []result{{"", "", 45, ftpwire.ErrTooLong}, {"NOOP", "", 6, nil}}},
		{"at the limit", strings.Repeat("y", 30) + "\r\n", []result{{strings.Repeat("Y", 30), "", 32, nil}}},
		{"over the limit by one", strings.Repeat("y", 31) + "\r\n", []result{{"", "", 33, ftpwire.ErrTooLong}}},
		{"no end", strings.Repeat("z", 2000), []result{{"", "", 513, ftpwire.ErrFlood}}},
		{"dotless i is no I", "L\u0131ST\r\n", []result{{"L\u0131ST", "", 7, nil}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRead(t, tt.sent, tt.want) })
	}
}

func TestReadCommand_telnet(t *testing.T) {
	tests := []struct {
		name, sent string
		want       []result
	}{
		{"interrupt and synch", "\xff\xf4\xff\xf2ABOR\r\n", []result{{"ABOR", "", 10, nil}}},
		{"synch without its urgent octet", "\xff\xf4\xf2ABOR\r\n", []result{{"ABOR", "", 9, nil}}},
		{"interrupt before its IAC", "\xf4\xffabor\r\n", []result{{"ABOR", "", 8, nil}}},
		{"commands without an IAC", "\xf4\xf2STAT\r\n", []result{{"STAT", "", 8, nil}}},
		{"doubled in front", "\xff\xffNOOP\r\n", []result{{"NOOP", "", 8, nil}}},
		{"option", "\xff\xfd\x01NOOP\r\n", []result{{"NOOP", "", 9, nil}}},
		{"subnegotiation", "\xff\xfa\x18\x00vt\xff\xf0NOOP\r\n", []result{{"NOOP", "", 14, nil}}},
		{"doubled", "CWD a\xff\xffb\r\n", []result{{"CWD", "a\xffb", 10, nil}}},
		{"before no command", "CWD a\xffb\r\n", []result{{"CWD", "a\xffb", 9, nil}}},
		{"in the middle", "NO\xff\xf1OP\r\n", []result{{"NOOP", "", 8, nil}}},
		{"sequences count", strings.Repeat("\xff\xf1", 40) + "\r\n", []result{{"", "", 82, ftpwire.ErrTooLong}}},
		{"doubled without end", strings.Repeat("\xff", 1200), []result{{"", "", 513, ftpwire.ErrFlood}}},
		{"subnegotiation without end", "\xff\xfa" + strings.Repeat("a", 40) + "\r\n", []result{{"", "", 44, ftpwire.ErrTooLong}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkRead(t, tt.sent, tt.want) })
	}
}

func checkRead(t *testing.T, sent string, want []result) {
	t.Helper()
	got := readAll(open(sent, 32, 0))
	if len(got) != len(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("command %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestReadCommand_memoryIsBounded(t *testing.T) {
	const sent = 64 << 20
	c := ftpwire.NewConn(&stream{r: io.LimitReader(endless{}, sent)}, 4096, time.Second)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := c.ReadCommand()
	runtime.ReadMemStats(&after)
	if !errors.Is(err, ftpwire.ErrFlood) {
		t.Errorf("got %v, want %v", err, ftpwire.ErrFlood)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 256<<10 {
		t.Errorf("reading allocated %d octets", grown)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func FuzzReadCommand(f *testing.F) {
	for _, seed := range []string{"NOOP\r\n", "a\nb\r\n", "\xff\xf4\xff\xf2ABOR\r\n", "\xff\xfa", "x\r\r\n", strings.Repeat("a", 99)} {
		f.Add([]byte(seed), uint8(3))
	}
	f.Fuzz(func(t *testing.T, sent []byte, step uint8) {
		const limit = 64
		total := 0
		for _, r := range readAll(open(string(sent), limit, int(step))) {
			total += r.octets
			if r.err != nil {
				continue
			}
			if r.octets > limit {
				t.Fatalf("accepted a line of %d octets", r.octets)
			}
			if strings.Contains(r.verb+r.arg, "\n") {
				t.Fatalf("LF inside %q %q", r.verb, r.arg)
			}
			if strings.Contains(r.verb, " ") {
				t.Fatalf("blank inside verb %q", r.verb)
			}
		}
		if total > len(sent) {
			t.Fatalf("counted %d octets of %d", total, len(sent))
		}
	})
}

func BenchmarkReadCommand(b *testing.B) {
	const line = "RETR some/file/name.bin\r\n"
	c := ftpwire.NewConn(&stream{r: &repeat{line: line}}, 4096, time.Second)
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ReadCommand(); err != nil {
			b.Fatal(err)
		}
	}
}

type repeat struct {
	line string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], r.line[r.at:])
		r.at = (r.at + k) % len(r.line)
		n += k
	}
	return n, nil
}
