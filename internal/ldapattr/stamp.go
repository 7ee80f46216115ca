package ldapattr

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	attrMetadata = "replPropertyMetaData"
	attrChanged  = "whenChanged"
)

// Stamp tells how recent the two home attributes of one object are on the domain
// controller that was asked.
type Stamp struct {
	Known     bool      // Root and Dir could be read
	Root, Dir Version   // as replication counts them
	Changed   time.Time // whenChanged, of the object as a whole; zero when it cannot be read
}

// Version is what replication knows about one attribute: of two values the one
// with the higher number wins, or with the later time (MS-DRSR 4.1.10.6.12).
type Version struct {
	Number uint32 // 0: never written
	Time   int64  // of the change, in seconds since 1601
}

// Stamp reads how recent the attributes of the object are that u is, in u's own
// domain. Errors: ErrNotFound, ErrUnreachable.
func (f *Forest) Stamp(ctx context.Context, u User) (Stamp, error) {
	const op = "read the replication data of"
	d, err := f.DomainOf(ctx, u)
	if err != nil {
		return Stamp{}, explain(op, abridge(u.DN), err)
	}
	var found Stamp
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		by := "(" + attrGUID + "=" + escapeOctets(string(u.GUID[:])) + ")"
		entries, err := read(ctx, l, search{d.domain.info.BaseDN, ldap.ScopeWholeSubtree, by}, attrMetadata, attrChanged)
		if err != nil {
			return err
		}
		if len(entries) != 1 {
			return &Error{Kind: ErrNotFound, Op: op, Object: abridge(u.DN)}
		}
		found = stampOf(entries[0])
		return nil
	})
	return found, explain(op, abridge(u.DN), err)
}

// stampOf decodes what can be decoded; the rest counts as unknown.
func stampOf(entry *ldap.Entry) Stamp {
	var s Stamp
	if at, err := changedAt(entry.GetEqualFoldAttributeValue(attrChanged)); err == nil {
		s.Changed = at
	}
	versions, err := parseMetadata([]byte(entry.GetEqualFoldAttributeValue(attrMetadata)))
	if err == nil {
		s.Known, s.Root, s.Dir = true, versions[idFTPRoot], versions[idFTPDir]
	}
	return s
}

func changedAt(text string) (time.Time, error) { return time.Parse("20060102150405.0Z", text) }

// Identifiers of the two attributes in replication data: their OIDs begin with
// 1.2.840.113556.1.4, which is number 9 of every prefix table (MS-DRSR 5.16.4).
const (
	idFTPRoot = 9<<16 | 1785
	idFTPDir  = 9<<16 | 1786
)

// parseMetadata reads the versions of all attributes of an object (MS-ADTS
// 3.1.1.1.9): a head of 16 octets, of which the third word counts the attributes,
// and 48 octets for each: identifier, number, time, and who wrote it.
func parseMetadata(octets []byte) (map[uint32]Version, error) {
	const head, each = 16, 48
	if len(octets) < head || binary.LittleEndian.Uint32(octets) != 1 {
		return nil, errors.New("not of version 1")
	}
	count := int64(binary.LittleEndian.Uint32(octets[8:]))
	if int64(len(octets)-head) < count*each {
		return nil, errors.New("cut off")
	}
	versions := map[uint32]Version{}
	for i := range count {
		one := octets[head+i*each:]
		versions[binary.LittleEndian.Uint32(one)] = Version{
			Number: binary.LittleEndian.Uint32(one[4:]), Time: int64(binary.LittleEndian.Uint64(one[8:])),
		}
	}
	return versions, nil
}
