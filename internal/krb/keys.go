package krb

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/iana/patype"
	"github.com/jcmturner/gokrb5/v8/keytab"
	"github.com/jcmturner/gokrb5/v8/types"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// Bounds of string-to-key, since its parameters come from whoever answers first:
// too many iterations would cost hours, and with few the password could be guessed
// from what we would send next. Real domains say 4,096 (RFC 3962) or 32,768
// (RFC 8009).
const (
	minIterations = 4096
	maxIterations = 1 << 20
)

// Keys is what proves who somebody is: a password or a keytab.
type Keys struct {
	password secret.Text
	table    *keytab.Keytab
}

// Password returns the keys that a password makes.
func Password(password secret.Text) Keys { return Keys{password: password} }

// LoadKeytab reads a keytab, of at most 16 MiB. gokrb5 checks most lengths in it;
// guarded is for the rest. The error is an *Error.
func LoadKeytab(path string) (Keys, error) {
	table := keytab.New()
	octets, err := readTicketFile(strings.TrimPrefix(path, "FILE:"))
	if err == nil {
		err = guarded(func() error { return table.Unmarshal(octets) })
	}
	if err != nil {
		return Keys{}, unusable("keytab "+path+" cannot be read", "export one with ktpass or samba-tool domain exportkeytab", err)
	}
	return Keys{table: table}, nil
}

// account is one user with keys.
type account struct {
	who  Principal
	name types.PrincipalName
	keys Keys
	made derived
}

// derived is the key made last from a password: to make it takes milliseconds, and
// both halves of a login need it.
type derived struct {
	salt, parameters string
	key              types.EncryptionKey
}

// kinds lists the types of which we have the user's key, strongest first: of a
// password all AES types can be made, a keytab may hold but one.
func (a *account) kinds() ([]int32, error) {
	if a.keys.table == nil {
		return aesTypes(), nil
	}
	kinds := slices.DeleteFunc(aesTypes(), func(kind int32) bool {
		_, _, err := a.keys.table.GetEncryptionKey(a.name, a.who.Realm, 0, kind)
		return err != nil
	})
	if len(kinds) == 0 {
		return nil, a.noKey()
	}
	return kinds, nil
}

// noKey says what a keytab lacks.
func (a *account) noKey() error {
	return unusable("the keytab has no AES key for "+abridge(a.who.String()), "list it with: klist -ekt FILE; names and realm are case-sensitive there", nil)
}

// key returns the user's key of one type, or, when kind is 0, of the strongest type
// that the KDC's hints name and we have, and its version.
func (a *account) key(hints types.PADataSequence, kind int32) (types.EncryptionKey, int, error) {
	infos, err := typeInfos(hints)
	if err != nil {
		return types.EncryptionKey{}, 0, wrongReply(err)
	}
	if kind == 0 {
		kinds, err := a.kinds()
		if err != nil {
			return types.EncryptionKey{}, 0, err
		}
		if kind, err = strongestOf(kinds, infos); err != nil {
			return types.EncryptionKey{}, 0, err
		}
	}
	if !isAES(kind) {
		return types.EncryptionKey{}, 0, weakKey("the KDC answers under a key of type %d", kind)
	}
	if a.keys.table != nil {
		key, version, err := a.keys.table.GetEncryptionKey(a.name, a.who.Realm, 0, kind)
		if err != nil {
			return key, 0, a.noKey()
		}
		return key, version, nil
	}
	key, err := a.fromPassword(infos, kind)
	return key, 0, err
}

// fromPassword derives the key with the salt and the iterations that the KDC names;
// Active Directory's salt is not the default one for renamed accounts.
func (a *account) fromPassword(infos types.ETypeInfo2, kind int32) (types.EncryptionKey, error) {
	et, err := crypto.GetEtype(kind)
	if err != nil {
		return types.EncryptionKey{}, wrongReply(err)
	}
	salt, parameters := a.name.GetSalt(a.who.Realm), et.GetDefaultStringToKeyParams()
	for _, info := range infos {
		if info.EType != kind {
			continue
		}
		salt = info.Salt
		if len(info.S2KParams) > 0 {
			if !saneIterations(info.S2KParams) {
				return types.EncryptionKey{}, wrongReply(nil)
			}
			parameters = hex.EncodeToString(info.S2KParams)
		}
		break
	}
	if a.made.key.KeyType == kind && a.made.salt == salt && a.made.parameters == parameters {
		return a.made.key, nil
	}
	value, err := et.StringToKey(a.keys.password.Reveal(), salt, parameters)
	if err != nil {
		return types.EncryptionKey{}, wrongReply(err)
	}
	a.made = derived{salt, parameters, types.EncryptionKey{KeyType: kind, KeyValue: value}}
	return a.made.key, nil
}

// saneIterations checks the parameters of string-to-key, a number in four octets
// (RFC 3962, section 4; RFC 8009, section 4).
func saneIterations(parameters []byte) bool {
	if len(parameters) != 4 {
		return false
	}
	n := binary.BigEndian.Uint32(parameters)
	return n >= minIterations && n <= maxIterations
}

// typeInfos collects ETYPE-INFO2, which every KDC of the last twenty years sends.
func typeInfos(hints types.PADataSequence) (types.ETypeInfo2, error) {
	var all types.ETypeInfo2
	for _, hint := range hints {
		if hint.PADataType != patype.PA_ETYPE_INFO2 {
			continue
		}
		infos, err := hint.GetETypeInfo2()
		if err != nil {
			return nil, err
		}
		all = append(all, infos...)
	}
	return all, nil
}

// strongestOf picks the first of our types that the KDC has a key of, too.
func strongestOf(kinds []int32, infos types.ETypeInfo2) (int32, error) {
	var offered []int32
	for _, info := range infos {
		offered = append(offered, info.EType)
	}
	for _, kind := range kinds {
		if slices.Contains(offered, kind) {
			return kind, nil
		}
	}
	return 0, weakKey("the KDC has keys of the types %v for this account, we of %v", offered, kinds)
}
