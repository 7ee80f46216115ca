// Package smbtest is a file server for tests: what a real one does only on a bad day,
// this one does when it is told to.
//
//	server.go   the server and its connections
//	setup.go    who it takes, and signatures
//	tree.go     its one share
//	answer.go   bodies of answers
//	crowd.go    how many are there at once
//	old.go      a server that has stood still
package smbtest

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
)

const headerSize = 64

// Command is that of a request [MS-SMB2 2.2.1].
type Command uint16

// The commands that the server knows.
const (
	Negotiate  Command = 0
	Setup      Command = 1
	Logoff     Command = 2
	Connect    Command = 3
	Disconnect Command = 4
	Create     Command = 5
	Close      Command = 6
	Flush      Command = 7
	Read       Command = 8
	Write      Command = 9
	List       Command = 14
	Query      Command = 16
	Set        Command = 17
)

// Entry is what a server has under a path.
type Entry struct {
	Attributes uint32 // [MS-FSCC 2.6]
	Size       uint64 // octets
	Status     uint32 // NTSTATUS of opening it
	Descriptor []byte // as a client has set it
}

// Server is an SMB 2.1 server of one share with NTLMv2 and signing, for what the lab's
// server never does. It keeps no bytes; what changes is its log.
type Server struct {
	Entries map[string]Entry // by path; "" is the top
	Mute    bool             // does not sign
	Lax     bool             // does not demand signing
	// Ticket answers a session set-up without NTLM; a key is the session's. nil: none does.
	Ticket func(body []byte) (key []byte, status uint32, answer []byte)
	Crowd  Crowd // of Start
	// Stored is told what a request writes, one at a time; nil: nobody is.
	Stored func(path string, at int64, octets []byte)

	mu     sync.Mutex
	log    []string
	fullAt int64 // no write at this place or behind it finds room, if it is not 0
	hook   Hook
}

// Hook answers a request about a path in the server's stead, where it returns a body.
type Hook func(command Command, path string) (status uint32, body []byte)

// On sets the hook. It may wait: the requests of one connection wait for each other
// with Talk, and not with Start.
func (s *Server) On(hook Hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

// Fill leaves no room at this place of a file and behind it.
func (s *Server) Fill(at int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fullAt = at
}

func (s *Server) hooked(command Command, path string) (status uint32, body []byte) {
	s.mu.Lock()
	hook := s.hook
	s.mu.Unlock()
	if hook == nil {
		return 0, nil
	}
	return hook(command, path)
}

func (s *Server) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf(format, args...))
}

// Took returns the log and forgets it.
func (s *Server) Took() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.log
	s.log = nil
	return log
}

// visit is one connection.
type visit struct {
	*Server
	conn    net.Conn
	key     []byte // of the session, for signing
	handles []string
	listed  map[string]bool
	writing sync.Mutex
}

// Talk serves one connection to its end, a request after the other.
func (s *Server) Talk(conn net.Conn) {
	v := s.visit(conn)
	for {
		request, err := v.next()
		if err != nil || v.reply(request, func() {}) != nil {
			return
		}
	}
}

func (s *Server) visit(conn net.Conn) *visit {
	return &visit{Server: s, conn: conn, listed: map[string]bool{}}
}

// next reads a request.
func (v *visit) next() ([]byte, error) {
	frame := make([]byte, 4)
	if _, err := io.ReadFull(v.conn, frame); err != nil {
		return nil, err
	}
	request := make([]byte, binary.BigEndian.Uint32(frame))
	_, err := io.ReadFull(v.conn, request)
	return request, err
}

func commandOf(request []byte) Command { return Command(binary.LittleEndian.Uint16(request[12:])) }

// reply answers a request, and says so when the answer is about to leave.
func (v *visit) reply(request []byte, answered func()) error {
	status, body := v.answer(request)
	message := append(make([]byte, headerSize), body...)
	copy(message, request[:headerSize])
	binary.LittleEndian.PutUint32(message[8:], status)
	binary.LittleEndian.PutUint16(message[14:], 64) // credits
	binary.LittleEndian.PutUint32(message[16:], 1)  // from the server
	message[36], message[40] = 1, 7                 // tree and session
	v.writing.Lock()
	defer v.writing.Unlock()
	if len(v.key) > 0 && !v.Mute {
		v.sign(message)
	}
	answered()
	_, err := v.conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...))
	return err
}

func (v *visit) answer(request []byte) (status uint32, body []byte) {
	command, body := commandOf(request), request[headerSize:]
	path := v.path(command, body)
	if status, instead := v.hooked(command, path); instead != nil {
		return status, instead
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch command {
	case Negotiate:
		body := Negotiated()
		if v.Lax {
			body[2] = 1 // signing enabled
		}
		return 0, body
	case Setup:
		return v.setUp(body)
	case Connect:
		return 0, sized(16, 16)
	case Create:
		return v.create(path, body)
	case Close:
		return 0, sized(60, 60)
	case List:
		return v.list(path)
	case Query:
		switch body[2] {
		case security:
			return 0, Buffer(v.Entries[path].Descriptor)
		case fileSystem:
			return 0, Buffer(space())
		}
		data := make([]byte, 24) // FileStandardInformation
		binary.LittleEndian.PutUint64(data[8:], v.Entries[path].Size)
		return 0, Buffer(data)
	case Read:
		return v.read(path, body)
	case Write:
		return v.write(path, body)
	case Set:
		v.set(path, body)
		return 0, sized(2, 2)
	}
	return 0, sized(4, 4)
}
