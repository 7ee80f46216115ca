package smbfs_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
)

// SMB2 commands and file information classes [MS-SMB2 2.2.1, MS-FSCC 2.4].
const (
	cmdNegotiate, cmdSetup, cmdLogoff, cmdConnect, cmdDisconnect = 0, 1, 2, 3, 4
	cmdCreate, cmdClose, cmdFlush, cmdRead, cmdWrite             = 5, 6, 7, 8, 9
	cmdList, cmdQuery, cmdSet                                    = 14, 16, 17

	infoRename, infoDelete, infoEnd = 10, 13, 20
)

// Statuses and attributes.
const (
	moreToProcess, noMoreFiles, noSuchFile = 0xC0000016, 0x80000006, 0xC000000F
	accessDenied, notFound, diskFull       = 0xC0000022, 0xC0000034, 0xC000007F
	collision, notEmpty                    = 0xC0000035, 0xC0000101

	readOnlyMark, hiddenMark, directory, reparse = 0x1, 0x2, 0x10, 0x400
)

const headerSize = 64

// entry is what the file server has under a path.
type entry struct {
	attributes uint32
	size       uint64
	status     uint32 // of opening it
}

// fileServer is an SMB 2.1 server of one share with NTLMv2 and signing, for what
// the lab's server never does. It keeps no bytes; what changes is its log.
type fileServer struct {
	entries map[string]entry // by path; "" is the top
	key     []byte           // of the session, for signing
	mute    bool             // does not sign
	lax     bool             // does not demand signing
	ticket  *ticketTaker
	handles []string
	listed  map[string]bool

	mu     sync.Mutex
	log    []string
	fullAt int64 // no write at this place or behind it finds room, if it is not 0
	hook   func(command uint16, path string) (status uint32, body []byte)
}

// on has hook answer requests in the server's stead, where it returns a body.
func (s *fileServer) on(hook func(command uint16, path string) (status uint32, body []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

// fill leaves no room at this place of a file and behind it.
func (s *fileServer) fill(at int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fullAt = at
}

func (s *fileServer) hooked(command uint16, path string) (status uint32, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook == nil {
		return 0, nil
	}
	return s.hook(command, path)
}

// home dials the server's directory dir.
func (s *fileServer) home(t *testing.T, dir string) (*smbfs.FS, error) {
	t.Helper()
	home, err := smbfs.Dial(t.Context(), serve(t, s.talk), login(), dir, storage.Options{})
	if err == nil {
		t.Cleanup(func() { _ = home.Close() })
	}
	return home, err
}

func (s *fileServer) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

// took returns the log and forgets it.
func (s *fileServer) took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

func (s *fileServer) talk(conn net.Conn) {
	s.listed = make(map[string]bool)
	for {
		frame := make([]byte, 4)
		if _, err := io.ReadFull(conn, frame); err != nil {
			return
		}
		request := make([]byte, binary.BigEndian.Uint32(frame))
		if _, err := io.ReadFull(conn, request); err != nil {
			return
		}
		status, body := s.answer(request)
		message := append(make([]byte, headerSize), body...)
		copy(message, request[:headerSize])
		binary.LittleEndian.PutUint32(message[8:], status)
		binary.LittleEndian.PutUint16(message[14:], 64) // credits
		binary.LittleEndian.PutUint32(message[16:], 1)  // from the server
		message[36], message[40] = 1, 7                 // tree and session
		if len(s.key) > 0 && !s.mute {
			s.sign(message)
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...)); err != nil {
			return
		}
	}
}

// sign is for SMB 2.1 [MS-SMB2 3.1.4.1].
func (s *fileServer) sign(message []byte) {
	const signatureAt, signed = 48, 8
	message[16] |= signed
	clear(message[signatureAt:headerSize])
	mac := hmac.New(sha256.New, s.key)
	mac.Write(message)
	copy(message[signatureAt:headerSize], mac.Sum(nil))
}

func (s *fileServer) answer(request []byte) (status uint32, body []byte) {
	command, body := binary.LittleEndian.Uint16(request[12:]), request[headerSize:]
	path := s.path(command, body)
	if status, instead := s.hooked(command, path); instead != nil {
		return status, instead
	}
	switch command {
	case cmdNegotiate:
		body := negotiated()
		if s.lax {
			body[2] = 1 // signing enabled
		}
		return 0, body
	case cmdSetup:
		return s.setUp(body)
	case cmdConnect:
		return 0, sized(16, 16)
	case cmdCreate:
		return s.create(path, body)
	case cmdClose:
		return 0, sized(60, 60)
	case cmdList:
		return s.list(path)
	case cmdQuery:
		data := make([]byte, 24) // FileStandardInformation
		binary.LittleEndian.PutUint64(data[8:], s.entries[path].size)
		return 0, buffer(data)
	case cmdRead:
		return s.read(path, body)
	case cmdWrite:
		return s.write(path, body)
	case cmdSet:
		s.set(path, body)
		return 0, sized(2, 2)
	}
	return 0, sized(4, 4)
}

// sized is the start of an answer with its structure size.
func sized(structure uint16, length int) []byte {
	body := make([]byte, length)
	binary.LittleEndian.PutUint16(body, structure)
	return body
}

// buffer is an answer that is nothing but data.
func buffer(data []byte) []byte {
	body := sized(9, 8)
	binary.LittleEndian.PutUint16(body[2:], headerSize+8)
	binary.LittleEndian.PutUint32(body[4:], uint32(len(data)))
	return append(body, data...)
}

// path is what a request is about.
func (s *fileServer) path(command uint16, body []byte) string {
	idAt := map[uint16]int{cmdClose: 8, cmdFlush: 8, cmdRead: 16, cmdWrite: 16, cmdList: 8, cmdQuery: 24, cmdSet: 16}
	if at, ok := idAt[command]; ok {
		return s.handles[binary.LittleEndian.Uint64(body[at:])]
	}
	if command != cmdCreate {
		return ""
	}
	at, length := binary.LittleEndian.Uint16(body[44:]), binary.LittleEndian.Uint16(body[46:])
	return text(body[at-headerSize:][:length])
}

func text(utf16le []byte) string {
	var units []uint16
	for len(utf16le) > 1 {
		units = append(units, binary.LittleEndian.Uint16(utf16le))
		utf16le = utf16le[2:]
	}
	return string(utf16.Decode(units))
}

func wide(s string) (utf16le []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, unit)
	}
	return utf16le
}

// create opens an entry, or makes a file where the request says so.
func (s *fileServer) create(path string, body []byte) (uint32, []byte) {
	const fileCreate, makesDirectory = 2, 1
	have, ok := s.entries[path]
	create := binary.LittleEndian.Uint32(body[36:]) == fileCreate
	if create && !ok {
		s.note("make %s", path)
		have, ok, create = entry{attributes: directory * (binary.LittleEndian.Uint32(body[40:]) & makesDirectory)}, true, false
		s.entries[path] = have
	}
	switch {
	case create:
		return collision, errorAnswer()
	case have.status != 0:
		return have.status, errorAnswer()
	case !ok:
		return notFound, errorAnswer()
	}
	s.note("open %s", path)
	answer := sized(89, 89)
	binary.LittleEndian.PutUint64(answer[48:], have.size)
	binary.LittleEndian.PutUint32(answer[56:], have.attributes)
	binary.LittleEndian.PutUint64(answer[64:], uint64(len(s.handles)))
	binary.LittleEndian.PutUint64(answer[72:], uint64(len(s.handles)))
	s.handles = append(s.handles, path)
	return 0, answer
}

// list gives all children at once, and has no "." and "..".
func (s *fileServer) list(path string) (uint32, []byte) {
	var data []byte
	last := 0
	for _, child := range slices.Sorted(maps.Keys(s.entries)) {
		name, below := strings.CutPrefix(child, strings.TrimPrefix(path+`\`, `\`))
		if child == "" || !below || strings.Contains(name, `\`) {
			continue
		}
		if len(data) > 0 {
			binary.LittleEndian.PutUint32(data[last:], uint32(len(data)-last))
		}
		last = len(data)
		info := append(make([]byte, 104), wide(name)...)
		binary.LittleEndian.PutUint64(info[40:], s.entries[child].size)
		binary.LittleEndian.PutUint32(info[56:], s.entries[child].attributes)
		binary.LittleEndian.PutUint32(info[60:], uint32(len(info)-104))
		data = append(data, append(info, make([]byte, -len(info)&7)...)...)
	}
	switch {
	case s.listed[path]:
		return noMoreFiles, errorAnswer()
	case len(data) == 0:
		return noSuchFile, errorAnswer()
	}
	s.listed[path] = true
	return 0, buffer(data)
}

// read gives one octet, whatever is asked for.
func (s *fileServer) read(path string, body []byte) (uint32, []byte) {
	s.note("read %s, %d at %d", path, binary.LittleEndian.Uint32(body[4:]), binary.LittleEndian.Uint64(body[8:]))
	answer := sized(17, 16)
	answer[2], answer[4] = headerSize+16, 1
	return 0, append(answer, 'x')
}

func (s *fileServer) write(path string, body []byte) (uint32, []byte) {
	length, at := binary.LittleEndian.Uint32(body[4:]), int64(binary.LittleEndian.Uint64(body[8:]))
	s.mu.Lock()
	full := s.fullAt > 0 && at >= s.fullAt
	s.mu.Unlock()
	if full {
		return diskFull, errorAnswer()
	}
	s.note("write %s, %d at %d", path, length, at)
	answer := sized(17, 17)
	binary.LittleEndian.PutUint32(answer[4:], length)
	return 0, answer
}

func (s *fileServer) set(path string, body []byte) {
	const security = 3
	data := body[32:]
	if body[2] == security {
		s.note("secure %s parts %x with %d bytes", path, binary.LittleEndian.Uint32(body[12:]), len(data))
		return
	}
	switch body[3] {
	case infoRename:
		to := text(data[20:][:binary.LittleEndian.Uint32(data[16:])])
		s.note("rename %s to %s", path, to)
		s.entries[to] = s.entries[path]
		delete(s.entries, path)
	case infoDelete:
		s.note("delete %s", path)
		delete(s.entries, path)
	case infoEnd:
		s.note("cut %s at %d", path, binary.LittleEndian.Uint64(data))
	}
}

// setUp is NTLMv2 inside SPNEGO [MS-NLMP 3.3.2, RFC 4178], without a key exchange.
func (s *fileServer) setUp(body []byte) (uint32, []byte) {
	const unicodeTargetSignNTLMExtendedInfo = 0x1 | 0x4 | 0x10 | 0x200 | 0x80000 | 0x800000
	_, message, _ := bytes.Cut(body, []byte("NTLMSSP\x00"))
	if s.ticket != nil && len(message) == 0 {
		return s.ticket.setUp(s, body)
	}
	if binary.LittleEndian.Uint32(message) == 1 {
		challenge := append([]byte("NTLMSSP\x00"), make([]byte, 44)...)
		challenge[8] = 2
		binary.LittleEndian.PutUint32(challenge[16:], 48)
		binary.LittleEndian.PutUint32(challenge[20:], unicodeTargetSignNTLMExtendedInfo)
		challenge[40], challenge[42], challenge[44] = 4, 4, 48 // a list that only ends
		return moreToProcess, negotiationAnswer(1, asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 2, 10}, challenge)
	}
	// The proof is the start of the answer to the challenge; the key is made from it.
	proofAt := binary.LittleEndian.Uint32(message[24-8:]) - 8
	passwordHash, _ := hex.DecodeString("3e3f559adc1ee13cfca35fc8d859a8b8") // MD4 of login's password
	account := hmac.New(md5.New, passwordHash)
	account.Write(wide(strings.ToUpper(login().User) + login().Domain))
	session := hmac.New(md5.New, account.Sum(nil))
	session.Write(message[proofAt:][:16])
	s.key = session.Sum(nil)
	return 0, sessionAnswer(0)
}

// negotiationAnswer is the body of a SESSION_SETUP answer with a NegTokenResp.
func negotiationAnswer(state asn1.Enumerated, mechanism asn1.ObjectIdentifier, answer []byte) []byte {
	token, err := asn1.MarshalWithParams(struct {
		State asn1.Enumerated       `asn1:"explicit,tag:0"`
		Mech  asn1.ObjectIdentifier `asn1:"explicit,tag:1"`
		Token []byte                `asn1:"explicit,tag:2"`
	}{state, mechanism, answer}, "explicit,tag:1")
	if err != nil {
		panic(err)
	}
	body := append(sessionAnswer(0)[:8], token...)
	binary.LittleEndian.PutUint16(body[6:], uint16(len(token)))
	return body
}
