//go:build lab

package lab_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// packet is one captured TCP or other IPv4 packet, in the order in which the kernel sent it.
type packet struct {
	from, to netip.AddrPort // ports are 0 for what is not TCP
	flags    byte
	payload  []byte
}

const (
	flagFIN = 1 << 0
	flagSYN = 1 << 1
	flagRST = 1 << 2
	flagACK = 1 << 4
)

// The last packet of a capture is a datagram of our own that says so, to the port of the discard protocol.
const endOfCapture, discard = "end of capture", "127.0.0.1:9"

// capture starts tcpdump on the lab's network; the function it returns ends it and gives the packets.
func capture(t *testing.T, filter string) func() []packet {
	t.Helper()
	file := filepath.Join(t.TempDir(), "capture")
	messages := new(lockedBuffer)
	// -U and immediate mode: what was seen is in the file at once.
	cmd := exec.Command("tcpdump", "-i", "lo", "-n", "-U", "--immediate-mode", "-s", "0", "-Z", "root", "-w", file,
		"("+filter+") or (udp and dst host 127.0.0.1 and dst port 9)")
	cmd.Stderr = messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if !eventually(10*time.Second, func() bool { return strings.Contains(messages.String(), "listening on") }) {
		t.Fatalf("tcpdump did not start: %s", messages)
	}
	return func() []packet {
		t.Helper()
		mark, err := net.Dial("udp4", discard)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = mark.Close() }()
		if _, err := mark.Write([]byte(endOfCapture)); err != nil {
			t.Fatal(err)
		}
		var content []byte
		complete := eventually(5*time.Second, func() bool {
			var found bool
			content, err = os.ReadFile(file)
			content, _, found = bytes.Cut(content, []byte(endOfCapture))
			return found
		})
		_ = cmd.Process.Signal(syscall.SIGINT)
		if end := <-ended; end != nil || err != nil || !complete {
			t.Fatalf("tcpdump: %v, %v, complete: %v: %s", end, err, complete, messages)
		}
		return packets(t, content)
	}
}

// packets reads a capture file (the classic format of libpcap, Ethernet frames) up to the last whole packet. Loopback
// shows each packet once.
func packets(t *testing.T, content []byte) []packet {
	t.Helper()
	if len(content) < 24 || binary.LittleEndian.Uint32(content) != 0xa1b2c3d4 || content[20] != 1 {
		t.Fatal("not a capture of Ethernet frames")
	}
	var found []packet
	for content = content[24:]; len(content) >= 16; {
		length := int(binary.LittleEndian.Uint32(content[8:]))
		if 16+length > len(content) { // the end of the capture
			break
		}
		frame := content[16 : 16+length]
		content = content[16+length:]
		if len(frame) >= 34 && binary.BigEndian.Uint16(frame[12:]) == 0x0800 {
			found = append(found, ipv4(frame[14:]))
		}
	}
	return found
}

func ipv4(b []byte) packet {
	header := int(b[0]&15) * 4
	from, _ := netip.AddrFromSlice(b[12:16])
	to, _ := netip.AddrFromSlice(b[16:20])
	if b[9] != 6 {
		return packet{from: netip.AddrPortFrom(from, 0), to: netip.AddrPortFrom(to, 0), payload: b[header:]}
	}
	tcp := b[header:binary.BigEndian.Uint16(b[2:])]
	return packet{
		from:    netip.AddrPortFrom(from, binary.BigEndian.Uint16(tcp)),
		to:      netip.AddrPortFrom(to, binary.BigEndian.Uint16(tcp[2:])),
		flags:   tcp[13],
		payload: tcp[int(tcp[12]>>4)*4:],
	}
}

// first is the index of the first packet for which is holds, -1 when there is none.
func first(all []packet, is func(packet) bool) int {
	for i, p := range all {
		if is(p) {
			return i
		}
	}
	return -1
}

// begins recognises a packet on the control connection whose payload begins with text.
func begins(text string) func(packet) bool {
	return func(p packet) bool { return bytes.HasPrefix(p.payload, []byte(text)) }
}

func (p packet) has(flags byte) bool { return p.flags&flags == flags }
