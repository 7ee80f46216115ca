package ldapattr

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
)

const (
	attrMember  = "member"
	attrName    = "name"
	attrDeleted = "isDeleted"
	attrLockout = "lockoutTime"

	// syncFlags ask for what the account may see, for which it needs no right to
	// replicate, and of groups for the members that came and went (MS-ADTS 3.1.1.3.4.1.3).
	syncFlags     = ldap.DirSyncObjectSecurity | ldap.DirSyncIncrementalValues
	syncOctets    = 1 << 20  // of one answer; a domain controller may give more, or less
	maxSyncCookie = 64 << 10 // octets; real ones have some hundred, and 24 more for each other domain controller
	maxAnswers    = 10_000   // to one question

	nobody = "(!(objectClass=*))"
	// followed are accounts, whatever has one of the two attributes, and what accounts
	// stand in. A tombstone has lost its objectCategory.
	followed = "(|(&(objectClass=user)(!(objectClass=computer)))(objectClass=group)(objectClass=organizationalUnit)" +
		"(" + homedir.AttrRoot + "=*)(" + homedir.AttrDir + "=*))"
)

// followedAttributes are what Account is made of, as far as domain controllers send it
// to each other, and what says that an object came, went or moved.
func followedAttributes() []string {
	return []string{
		attrSAM, attrUPN, attrUAC, attrExpires, attrPwdSet, attrLockout, attrLastLogon, attrAdminCount, attrHours, attrWorkstations,
		homedir.AttrRoot, homedir.AttrDir, attrMember, attrName, attrDeleted,
	}
}

// news is what has changed since a cookie.
type news struct {
	cookie  []byte
	objects map[GUID]bool
	members map[string]bool // DNs of those who came to a group or left one
	moved   bool            // something that accounts stand in; or more than is worth to be told
	renamed bool            // something that may be the group of a scope
}

// most bounds what is read again one by one: beyond it reading everything is cheaper.
const most = 5000

// syncAnswer is what the control of an answer says.
type syncAnswer struct {
	cookie []byte
	more   bool
}

// syncAnswerOf reads it. Whatever a directory sends, the cookie is bounded: it is kept,
// and sent back.
func syncAnswerOf(controls []ldap.Control) (syncAnswer, error) {
	answer, ok := ldap.FindControl(controls, ldap.ControlTypeDirSync).(*ldap.ControlDirSync)
	switch {
	case !ok:
		return syncAnswer{}, errors.New("the answer does not say where changes go on (DirSync)")
	case len(answer.Cookie) == 0 || len(answer.Cookie) > maxSyncCookie:
		return syncAnswer{}, errors.New("the answer has a DirSync cookie of no useful length")
	}
	return syncAnswer{bytes.Clone(answer.Cookie), answer.Flags != 0}, nil
}

// sync asks for what has changed since a cookie, nil for all there is, until there is
// no more. take is given each object.
func (l *link) sync(ctx context.Context, s search, cookie []byte, take func(*ldap.Entry)) ([]byte, error) {
	for range maxAnswers {
		var answer syncAnswer
		err := l.do(ctx, func(conn *ldap.Conn) error {
			request := ldap.NewSearchRequest(s.base, s.scope, ldap.NeverDerefAliases, 0, 0, false, s.filter, followedAttributes(),
				[]ldap.Control{ldap.NewRequestControlDirSync(syncFlags, syncOctets, cookie)})
			result, err := conn.Search(request)
			if err != nil {
				return err
			}
			for _, entry := range result.Entries {
				take(entry)
			}
			answer, err = syncAnswerOf(result.Controls)
			if err != nil {
				err = &Error{Kind: ErrServer, Op: "follow", Object: "the changes of " + s.base, Err: err}
			}
			return err
		})
		if err != nil || !answer.more {
			return answer.cookie, err
		}
		if bytes.Equal(answer.cookie, cookie) {
			break
		}
		cookie = answer.cookie
	}
	return nil, &Error{Kind: ErrServer, Op: "follow", Object: "the changes of " + s.base, Err: errEndless}
}

// note takes one object in.
func (n *news) note(entry *ldap.Entry) {
	var guid GUID
	if octets := entry.GetEqualFoldRawAttributeValue(attrGUID); copy(guid[:], octets) == len(guid) && len(octets) == len(guid) {
		n.objects[guid] = true
	} else {
		n.moved = true
	}
	var named, account bool
	for _, a := range entry.Attributes {
		name, _, _ := strings.Cut(strings.ToLower(a.Name), rangeOfAttribute)
		switch name {
		case strings.ToLower(attrUAC):
			account = true // as each new one shows
		case attrName:
			named = true
			// Whose container gets another name has another DN, and is told nothing.
			n.moved = n.moved || len(entry.DN) > 3 && strings.EqualFold(entry.DN[:3], "OU=")
		case attrMember:
			for _, dn := range a.Values[:min(len(a.Values), most)] {
				n.members[dn] = true
			}
		}
	}
	n.renamed = n.renamed || named && !account
	n.moved = n.moved || len(n.objects)+len(n.members) >= most
}
