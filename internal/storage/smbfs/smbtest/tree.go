package smbtest

import (
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
)

// Statuses, attributes and file information classes [MS-FSCC 2.4, 2.6].
const (
	noMoreFiles, noSuchFile, notFound = 0x80000006, 0xC000000F, 0xC0000034
	diskFull, collision               = 0xC000007F, 0xC0000035
	invalidParameter                  = 0xC000000D

	directory                       = 0x10
	infoRename, infoDelete, infoEnd = 10, 13, 20
	fileSystem, security            = 2, 3 // kinds of information
)

// path is what a request is about.
func (v *visit) path(command Command, body []byte) string {
	idAt := map[Command]int{Close: 8, Flush: 8, Read: 16, Write: 16, List: 8, Query: 24, Set: 16}
	v.mu.Lock()
	defer v.mu.Unlock()
	if at, ok := idAt[command]; ok {
		return v.handles[binary.LittleEndian.Uint64(body[at:])]
	}
	if command != Create {
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
func (v *visit) create(path string, body []byte) (uint32, []byte) {
	const fileCreate, makesDirectory = 2, 1
	have, ok := v.Entries[path]
	create := binary.LittleEndian.Uint32(body[36:]) == fileCreate
	if create && !ok {
		v.note("make %s", path)
		have, ok, create = Entry{Attributes: directory * (binary.LittleEndian.Uint32(body[40:]) & makesDirectory)}, true, false
		v.Entries[path] = have
	}
	switch {
	case create:
		return collision, ErrorAnswer()
	case have.Status != 0:
		return have.Status, ErrorAnswer()
	case !ok:
		return notFound, ErrorAnswer()
	}
	v.note("open %s", path)
	answer := sized(89, 89)
	binary.LittleEndian.PutUint64(answer[48:], have.Size)
	binary.LittleEndian.PutUint32(answer[56:], have.Attributes)
	binary.LittleEndian.PutUint64(answer[64:], uint64(len(v.handles)))
	binary.LittleEndian.PutUint64(answer[72:], uint64(len(v.handles)))
	v.handles = append(v.handles, path)
	return 0, answer
}

// list gives all children at once, and has no "." and "..".
func (v *visit) list(path string) (uint32, []byte) {
	var data []byte
	last := 0
	for _, child := range slices.Sorted(maps.Keys(v.Entries)) {
		name, below := strings.CutPrefix(child, strings.TrimPrefix(path+`\`, `\`))
		if child == "" || !below || strings.Contains(name, `\`) {
			continue
		}
		if len(data) > 0 {
			binary.LittleEndian.PutUint32(data[last:], uint32(len(data)-last))
		}
		last = len(data)
		info := append(make([]byte, 104), wide(name)...)
		binary.LittleEndian.PutUint64(info[40:], v.Entries[child].Size)
		binary.LittleEndian.PutUint32(info[56:], v.Entries[child].Attributes)
		binary.LittleEndian.PutUint32(info[60:], uint32(len(info)-104))
		data = append(data, append(info, make([]byte, -len(info)&7)...)...)
	}
	switch {
	case v.listed[path]:
		return noMoreFiles, ErrorAnswer()
	case len(data) == 0:
		return noSuchFile, ErrorAnswer()
	}
	v.listed[path] = true
	return 0, Buffer(data)
}

// space is that of a volume of a TiB, a quarter of it free [MS-FSCC 2.5.4].
func space() []byte {
	const units, sectors, octets = 1 << 28, 8, 512
	info := make([]byte, 32)
	for at, n := range map[int]uint64{0: units, 8: units / 4, 16: units / 4} {
		binary.LittleEndian.PutUint64(info[at:], n)
	}
	binary.LittleEndian.PutUint32(info[24:], sectors)
	binary.LittleEndian.PutUint32(info[28:], octets)
	return info
}

// read gives one octet, whatever is asked for.
func (v *visit) read(path string, body []byte) (uint32, []byte) {
	v.note("read %s, %d at %d", path, binary.LittleEndian.Uint32(body[4:]), binary.LittleEndian.Uint64(body[8:]))
	answer := sized(17, 16)
	answer[2], answer[4] = headerSize+16, 1
	return 0, append(answer, 'x')
}

func (v *visit) write(path string, body []byte) (uint32, []byte) {
	length, at := binary.LittleEndian.Uint32(body[4:]), int64(binary.LittleEndian.Uint64(body[8:]))
	if v.fullAt > 0 && at >= v.fullAt {
		return diskFull, ErrorAnswer()
	}
	from := int(binary.LittleEndian.Uint16(body[2:])) - headerSize
	if from < 0 || from > len(body) || len(body)-from != int(length) {
		return invalidParameter, ErrorAnswer()
	}
	v.note("write %s, %d at %d", path, length, at)
	if v.Stored != nil {
		v.Stored(path, at, body[from:])
	}
	answer := sized(17, 17)
	binary.LittleEndian.PutUint32(answer[4:], length)
	return 0, answer
}

func (v *visit) set(path string, body []byte) {
	data := body[32:]
	if body[2] == security {
		have := v.Entries[path]
		have.Descriptor = data
		v.Entries[path] = have
		v.note("secure %s parts %x with %d bytes", path, binary.LittleEndian.Uint32(body[12:]), len(data))
		return
	}
	switch body[3] {
	case infoRename:
		to := text(data[20:][:binary.LittleEndian.Uint32(data[16:])])
		v.note("rename %s to %s", path, to)
		v.Entries[to] = v.Entries[path]
		delete(v.Entries, path)
	case infoDelete:
		v.note("delete %s", path)
		delete(v.Entries, path)
	case infoEnd:
		v.note("cut %s at %d", path, binary.LittleEndian.Uint64(data))
	}
}
