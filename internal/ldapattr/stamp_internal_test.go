package ldapattr

import (
	"encoding/binary"
	"testing"
)

// metadata is replication data of some attributes.
func metadata(versions map[uint32]Version) []byte {
	octets := binary.LittleEndian.AppendUint64(nil, 1)
	octets = binary.LittleEndian.AppendUint64(octets, uint64(len(versions)))
	for id, v := range versions {
		octets = binary.LittleEndian.AppendUint32(octets, id)
		octets = binary.LittleEndian.AppendUint32(octets, v.Number)
		octets = binary.LittleEndian.AppendUint64(octets, uint64(v.Time))
		octets = append(octets, make([]byte, 32)...)
	}
	return octets
}

func TestParseMetadata(t *testing.T) {
	want := map[uint32]Version{idFTPRoot: {3, 13_000_000_000}, idFTPDir: {1, 13_000_000_001}, 0x90001: {7, 1}}
	whole := metadata(want)
	got, err := parseMetadata(whole)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for id, v := range want {
		if got[id] != v {
			t.Errorf("%x: got %v, want %v", id, got[id], v)
		}
	}
	other := append([]byte{2}, whole[1:]...)
	for name, octets := range map[string][]byte{"nothing": nil, "cut off": whole[:len(whole)-1], "head alone": whole[:16], "another version": other} {
		if got, err := parseMetadata(octets); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func FuzzParseMetadata(f *testing.F) {
	f.Add(metadata(map[uint32]Version{idFTPRoot: {1, 2}}))
	f.Add([]byte{1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, octets []byte) {
		versions, err := parseMetadata(octets)
		if err == nil && len(versions)*48 > len(octets) {
			t.Errorf("%d octets hold %d attributes", len(octets), len(versions))
		}
	})
}
