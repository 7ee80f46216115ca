package ldapattr

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/go-ldap/ldap/v3"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Update changes u's attributes in one modify, provided that both still are what
// u says, also one that the change does not name, and returns the entry as it is
// then. The object is the one with u's objectGUID, wherever it has been moved to.
// When nothing is to be changed it only reads. Errors: ErrValue before anything is
// sent, ErrConflict when somebody else was faster (the hint shows the present
// values), ErrRights, ErrNotFound. When the connection is lost, ErrUnreachable
// leaves open whether it was done, unless the error says so.
func (d *Directory) Update(ctx context.Context, u User, change Update) (User, error) {
	swaps, err := d.domain.checkedSwaps(u, change)
	if err != nil {
		return User{}, err
	}
	var now User
	err = d.request(ctx, func(ctx context.Context, l *link) error {
		var err error
		now, err = d.domain.swap(ctx, l, u, swaps)
		return err
	})
	if err != nil {
		return User{}, explain("change", u.DN, err)
	}
	return now, nil
}

// checkedSwaps refuses what is not to be sent at all.
func (d domain) checkedSwaps(u User, change Update) ([]swap, error) {
	swaps := swapsOf(u, change)
	for _, s := range swaps {
		if err := s.check(); err != nil {
			return nil, &Error{Kind: ErrValue, Op: "change", Object: u.DN, Win32: winerr.InvalidName, Err: err}
		}
	}
	if _, err := within(u.DN, d.namingContext); err != nil {
		return nil, &Error{Kind: ErrUsage, Op: "change", Object: abridge(u.DN), Err: err}
	}
	return swaps, nil
}

// isConflict: the directory has compared and found another value.
func isConflict(refused error) bool {
	return ldap.IsErrorAnyOf(refused, ldap.LDAPResultNoSuchAttribute, ldap.LDAPResultAttributeOrValueExists)
}

// swap modifies and reads again over the same connection, hence on the same
// domain controller: another one may not know of it yet.
func (d domain) swap(ctx context.Context, l *link, u User, swaps []swap) (User, error) {
	request := modifyOf(sameObject(u), swaps)
	if len(request.Changes) == 0 {
		now, err := d.readAgain(ctx, l, u)
		if err == nil && !reached(now, swaps) {
			return User{}, conflict(now, nil)
		}
		return now, err
	}
	refused := l.do(ctx, func(conn *ldap.Conn) error { return conn.Modify(request) })
	if refused != nil && !isConflict(refused) {
		return User{}, undecided(u, refused)
	}
	now, err := d.readAgain(ctx, l, u)
	switch {
	case refused == nil && err != nil:
		return User{}, unread(u, err)
	case err != nil:
		return User{}, err
	case refused != nil:
		return User{}, conflict(now, refused)
	}
	return now, nil
}

// sameObject is how requests name u: by what never changes and is never given
// away (MS-ADTS 3.1.1.3.1.2.4). Behind its DN there may be somebody else by now.
func sameObject(u User) string {
	if u.GUID == (GUID{}) {
		return u.DN
	}
	return "<GUID=" + u.GUID.String() + ">"
}

// readAgain reads the object that u was.
func (d domain) readAgain(ctx context.Context, l *link, u User) (User, error) {
	entries, err := read(ctx, l, search{sameObject(u), ldap.ScopeBaseObject, "(&" + onlyUsers + ")"}, d.attributes...)
	if err != nil {
		return User{}, err
	}
	if len(entries) != 1 {
		return User{}, &Error{Kind: ErrNotFound, Op: "read", Object: u.DN, Win32: winerr.NoSuchUser, Hint: "it was deleted just now"}
	}
	now, err := d.userOf(entries[0], time.Now())
	if err == nil && now.GUID != u.GUID {
		err = &Error{Kind: ErrConflict, Op: "read", Object: u.DN, Err: errors.New("another object has this name now")}
	}
	return now, err
}

// conflict shows what is there now, so that the caller can decide without
// asking again.
func conflict(now User, refused error) error {
	return &Error{Kind: ErrConflict, Op: "change", Object: now.DN, Win32: winerr.NoSuchAttribute, Err: refused,
		Hint: fmt.Sprintf("present values: %s %s, %s %s", homedir.AttrRoot, shown(now.Root), homedir.AttrDir, shown(now.Dir))}
}

// shown quotes a value, since blanks at its ends matter.
func shown(value string) string {
	if value == "" {
		return "(absent)"
	}
	return fmt.Sprintf("%q", value)
}

const hintUndecided = "whether the change was made is not known; read the user again"

// undecided adds what a lost connection means for a write.
func undecided(u User, err error) error {
	if !isNetwork(err) {
		return err
	}
	explained := explain("change", u.DN, err)
	var e *Error
	if errors.As(explained, &e) && errors.Is(e.Kind, ErrUnreachable) {
		e.Hint = hintUndecided
	}
	return explained
}

// unread is the failure after the directory has said yes to the change.
func unread(u User, err error) error {
	e := &Error{Kind: ErrUnreachable, Win32: winerr.NoLogonServers}
	errors.As(explain("read", u.DN, err), &e)
	return &Error{Kind: e.Kind, Op: "read back", Object: u.DN, Win32: e.Win32,
		Err:  fmt.Errorf("the change was made, only reading it back failed: %w", err),
		Hint: "the change was made; read the user again"}
}
