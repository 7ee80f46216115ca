package audit

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// Finding is something that a rule found at one object.
type Finding struct {
	Rule     string   `json:"rule"` // id, as V01
	Severity Severity `json:"severity"`
	Status   Status   `json:"status"` // Found or Suppressed
	Object
	Location    string     `json:"location"` // the attribute, or the UNC path
	Evidence    []Evidence `json:"evidence"`
	Message     string     `json:"message"` // one sentence about this object
	Remedy      string     `json:"remedy"`
	Fix         *Fix       `json:"fix,omitempty"`
	Fingerprint string     `json:"fingerprint"`          // 128 bits in hex, the same in every run
	Suppressed  string     `json:"suppressed,omitempty"` // the reason why it is accepted, or "baseline"
}

// Object is what a finding is about. Of a user all fields are set as far as they
// could be read, of a server, the domain or a configuration Login and Domain alone.
type Object struct {
	GUID   string `json:"guid,omitempty"`
	SID    string `json:"sid,omitempty"`
	DN     string `json:"dn,omitempty"`
	Login  string `json:"login"`            // sAMAccountName, or the name of what is no account
	Domain string `json:"domain,omitempty"` // DNS name
}

// objectKey is what tells an object from all others, whatever becomes of its name: the
// objectGUID of an account, the name of what is none, "" if nobody knows.
func objectKey(o *Object) string { return cmp.Or(o.GUID, o.Login) }

// Evidence is a value that was seen. It is what the directory holds, so whoever
// shows it makes it printable.
type Evidence struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Fix is what would make a finding vanish, as an entry of a plan.
type Fix struct {
	Action string    `json:"action"` // "set", "clear" or "mkdir"
	Before FixValues `json:"before"`
	After  FixValues `json:"after"`
	Place  string    `json:"place,omitempty"` // mkdir: the UNC path
}

// FixValues are the two attributes; "" is absent.
type FixValues struct {
	Root string `json:"root,omitempty"`
	Dir  string `json:"dir,omitempty"`
}

// FingerprintOf returns what makes a finding the same one in the next run: the rule,
// the object (an objectGUID, a server, a share) and the location in any spelling.
func FingerprintOf(rule, object, location string) string {
	location = winpath.Fold(strings.ReplaceAll(location, "/", `\`))
	sum := sha256.Sum256([]byte(rule + "\x00" + winpath.Fold(object) + "\x00" + location))
	return hex.EncodeToString(sum[:16])
}
