package krb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/jcmturner/gokrb5/v8/iana/etypeID"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

func aContext(t testing.TB) *Context {
	t.Helper()
	w, err := newContext(types.EncryptionKey{KeyType: etypeID.AES256_CTS_HMAC_SHA1_96, KeyValue: bytes.Repeat([]byte{1}, 32)}, true, 1, 7)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// serverFrame is what the server sends for a text, with the length before it.
func serverFrame(t testing.TB, w *Context, text string, number uint64, rotation int) []byte {
	t.Helper()
	header := []byte{5, 4, flagAcceptor | flagSealed | flagSubkey, 0xff, 0, 0, 0, 0}
	header = binary.BigEndian.AppendUint64(header, number)
	_, cipher, err := w.etype.EncryptMessage(w.key.KeyValue, append([]byte(text), header...), usageAcceptor)
	if err != nil {
		t.Fatal(err)
	}
	binary.BigEndian.PutUint16(header[6:], uint16(rotation))
	cut := len(cipher) - rotation%len(cipher)
	token := append(append(header, cipher[cut:]...), cipher[:cut]...)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(token))), token...)
}

// oneWay is the receiving half of a connection.
type oneWay struct {
	net.Conn
	io.Reader
}

func (o oneWay) Read(p []byte) (int, error) { return o.Reader.Read(p) }

func receive(t testing.TB, w *Context, r io.Reader) (string, error) {
	t.Helper()
	conn, err := Seal(oneWay{Reader: r}, w, maxFrame)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(conn)
	return string(text), err
}

func TestSealedConn_readsFramesHoweverTheyArrive(t *testing.T) {
	w := aContext(t)
	var stream []byte
	want := ""
	for i, text := range []string{"one", "", "three", string(make([]byte, 100_000))} {
		stream = append(stream, serverFrame(t, w, text, uint64(7+i), i*28)...)
		want += text
	}
	for name, r := range map[string]io.Reader{"at once": bytes.NewReader(stream), "octet by octet": iotest.OneByteReader(bytes.NewReader(stream))} {
		if got, err := receive(t, aContext(t), r); got != want || err != nil {
			t.Errorf("%s: %d octets, %v; want %d", name, len(got), err, len(want))
		}
	}
}

func TestSealedConn_refusesLengths(t *testing.T) {
	for _, length := range []uint32{0, 1, 59, 1 << 24, 1<<32 - 1} {
		stream := append(binary.BigEndian.AppendUint32(nil, length), make([]byte, 100)...)
		if _, err := receive(t, aContext(t), bytes.NewReader(stream)); !errors.Is(err, ErrToken) {
			t.Errorf("a frame of %d octets: %v", length, err)
		}
	}
	// A length that is possible costs nothing until the octets come.
	stream := append(binary.BigEndian.AppendUint32(nil, maxFrame), 1, 2, 3)
	var before, after runtime.MemStats
	w := aContext(t)
	runtime.ReadMemStats(&before)
	_, _ = receive(t, w, bytes.NewReader(stream))
	runtime.ReadMemStats(&after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<10 {
		t.Errorf("%d octets were allocated for a length alone", allocated)
	}
	if _, err := receive(t, aContext(t), bytes.NewReader(stream)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a frame cut short: %v", err)
	}
}

func TestNewContext_wantsAES(t *testing.T) {
	for _, kind := range []int32{etypeID.RC4_HMAC, etypeID.DES3_CBC_SHA1_KD, 0, 99} {
		_, err := newContext(types.EncryptionKey{KeyType: kind, KeyValue: make([]byte, 16)}, false, 0, 0)
		var weak *Error
		if !errors.As(err, &weak) || weak.Win32 != winerr.NotSupported || weak.Refused() {
			t.Errorf("key type %d: %v", kind, err)
		}
	}
	for i, kind := range aesTypes() {
		size := []int{32, 16, 32, 16}[i]
		if _, err := newContext(types.EncryptionKey{KeyType: kind, KeyValue: make([]byte, size)}, false, 0, 0); err != nil {
			t.Errorf("key type %d: %v", kind, err)
		}
		if _, err := newContext(types.EncryptionKey{KeyType: kind, KeyValue: make([]byte, 8)}, false, 0, 0); !errors.Is(err, ErrToken) {
			t.Errorf("key type %d, eight octets: %v", kind, err)
		}
	}
}

// Whatever the network brings, only the text of the genuine frames comes out.
func FuzzSealedFrames(f *testing.F) {
	first, second := serverFrame(f, aContext(f), "first", 7, 28), serverFrame(f, aContext(f), "second", 8, 0)
	f.Add(append(bytes.Clone(first), second...))
	f.Add(first[:30])
	f.Add(append(bytes.Clone(second), first...))
	f.Add([]byte{0, 0, 0, 60, 5, 4, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 7})
	f.Fuzz(func(t *testing.T, stream []byte) {
		// Mutations cannot make a frame, so no other text can come out, and no other order.
		switch got, _ := receive(t, aContext(t), bytes.NewReader(stream)); got {
		case "", "first", "firstsecond":
		default:
			t.Fatalf("%q came out", got)
		}
	})
}

// Tokens of the bind itself come from the network, too.
func FuzzGSSTokens(f *testing.F) {
	f.Add([]byte("\x60\x10" + krb5Mechanism + tokenAPRep + "\x6f\x00"))
	f.Add([]byte("\x60\x10" + krb5Mechanism + tokenError + "\x7e\x00"))
	f.Fuzz(func(t *testing.T, token []byte) {
		_ = guarded(func() error {
			if reply, err := parseAPRep(token); err == nil && reply.MsgType != 15 {
				t.Fatalf("%+v passes for an AP-REP", reply)
			}
			return nil
		})
		if answer, _, err := aContext(t).ChooseLayer(token, false); err == nil {
			t.Fatalf("a forged offer is answered by % x", answer)
		}
		if cache, err := parseCache(token); err == nil {
			if ticket, ok := cache.grantingTicket(); ok {
				_, _ = ticket.decode()
			}
		}
	})
}
