package smbfs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"

	"github.com/cloudsoda/go-smb2"
)

// The parts of READ and WRITE that direct looks at, most of them in the same places
// [MS-SMB2 2.2.19, 2.2.21, 2.2.22].
const (
	cmdRead     = 8
	cmdWrite    = 9
	messageAt   = 24
	lengthAt    = smbHeader + 4
	offsetAt    = smbHeader + 8
	behindFile  = smbHeader + 32 // nothing there is the same
	writeHeader = smbHeader + 48 // the octets follow
	storedAt    = smbHeader + 4
	answerSize  = smbHeader + 16
	endOfFile   = 0xC0000011

	// firstMark is where offsets begin that stand for a direct. No file is as long.
	firstMark = int64(1) << 62
)

// direct is one WRITE whose octets go from where they are to the socket. The library
// clears a packet and copies them into it, which took an upload without protection a
// sixth of its time. So it is asked for a READ of as many octets at an offset that is a
// mark: that has a WRITE's file, length, credits and number. On its way out it becomes
// the WRITE, and the WRITE's answer becomes an end of file on its way in. Whatever is
// signed or encrypted goes the library's own way.
type direct struct {
	mark    int64
	at      int64
	sending sync.Mutex // held while the octets are in use
	octets  []byte     // nil at the end
	sent    int        // as many of them
	message uint64
	stored  int // as many of them are on the server
}

// directs are those of one connection that are under way.
type directs struct {
	largest  uint32 // octets that the server takes in one request
	mu       sync.Mutex
	last     int64
	marked   map[int64]*direct
	expected map[uint64]*direct // by the number of the message
}

// writeAt has the server write octets, as file's own WriteAt does.
func (w *wire) writeAt(file *smb2.File, octets []byte, at int64) (n int, err error) {
	for n < len(octets) {
		rest, at := octets[n:], at+int64(n)
		if w.directs.largest == 0 || w.protection() != unsigned {
			m, err := file.WriteAt(rest, at)
			return n + m, err
		}
		d, err := w.directs.write(file, rest[:min(int64(len(rest)), int64(w.directs.largest))], at)
		switch {
		case d.sent == 0: // it has become a matter of signatures meanwhile
			m, err := file.WriteAt(rest, at)
			return n + m, err
		case err != nil && !errors.Is(err, io.EOF):
			return n, err
		case d.stored == 0:
			return n, io.ErrShortWrite
		}
		n += d.stored
	}
	return n, nil
}

// write has the library ask for one, and returns when nobody looks at octets any more.
func (ds *directs) write(file *smb2.File, octets []byte, at int64) (*direct, error) {
	d := ds.begin(octets, at)
	defer ds.end(d)
	_, err := file.ReadAt(octets, d.mark)
	return d, err
}

func (ds *directs) begin(octets []byte, at int64) *direct {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.marked == nil {
		ds.marked, ds.expected = map[int64]*direct{}, map[uint64]*direct{}
	}
	d := &direct{mark: firstMark + ds.last, at: at, octets: octets}
	ds.last++
	ds.marked[d.mark] = d
	return d
}

// end takes d back, even if the library has lost its patience with the server.
func (ds *directs) end(d *direct) {
	d.sending.Lock()
	d.octets = nil
	d.sending.Unlock()
	ds.mu.Lock()
	defer ds.mu.Unlock()
	delete(ds.marked, d.mark)
	if ds.expected[d.message] == d {
		delete(ds.expected, d.message)
	}
}

// due is the direct that a request stands for, if it does.
func (ds *directs) due(request []byte) *direct {
	little := binary.LittleEndian
	if len(request) < writeHeader || !bytes.HasPrefix(request, magic) || little.Uint16(request[commandAt:]) != cmdRead ||
		request[flagsAt]&flagSigned != 0 || little.Uint32(request[nextAt:]) != 0 {
		return nil
	}
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return ds.marked[int64(little.Uint64(request[offsetAt:]))]
}

// send sends d as a WRITE, in place of the READ that stands for it.
func (ds *directs) send(d *direct, read []byte, to net.Conn) (int, error) {
	little := binary.LittleEndian
	d.sending.Lock()
	defer d.sending.Unlock()
	length := int(min(int64(len(d.octets)), int64(little.Uint32(read[lengthAt:]))))
	if length == 0 {
		return 0, net.ErrClosed // given up meanwhile
	}
	message := append(make([]byte, frameHeader, frameHeader+writeHeader), read[:behindFile]...)
	message = message[:cap(message)]
	binary.BigEndian.PutUint32(message, uint32(writeHeader+length))
	write := message[frameHeader:]
	little.PutUint16(write[commandAt:], cmdWrite)
	little.PutUint16(write[smbHeader+2:], writeHeader)
	little.PutUint32(write[lengthAt:], uint32(length))
	little.PutUint64(write[offsetAt:], uint64(d.at))
	d.sent, d.message = length, little.Uint64(write[messageAt:])
	ds.mu.Lock()
	ds.expected[d.message] = d
	ds.mu.Unlock()
	_, err := (&net.Buffers{message, d.octets[:length]}).WriteTo(to)
	return len(read), err
}

// answered makes of the beginning of an answer to a WRITE what the library expects.
func (ds *directs) answered(message []byte) {
	little := binary.LittleEndian
	if len(message) < smbHeader || !bytes.HasPrefix(message, magic) || little.Uint16(message[commandAt:]) != cmdWrite ||
		little.Uint32(message[nextAt:]) != 0 {
		return
	}
	ds.mu.Lock()
	defer ds.mu.Unlock()
	number := little.Uint64(message[messageAt:])
	d := ds.expected[number]
	if d == nil {
		return
	}
	little.PutUint16(message[commandAt:], cmdRead)
	message[flagsAt] &^= flagSigned // of what is no more; the request had none
	switch status := little.Uint32(message[statusAt:]); {
	case status == statusPending:
		return
	case status == 0 && len(message) >= answerSize:
		d.stored = int(min(int64(d.sent), int64(little.Uint32(message[storedAt:]))))
		little.PutUint32(message[statusAt:], endOfFile)
		clear(message[smbHeader:answerSize])
		message[smbHeader] = 9 // an answer that is nothing but its status [MS-SMB2 2.2.2]
	}
	delete(ds.expected, number)
}
