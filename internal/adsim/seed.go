package adsim

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// seeding fills an empty tree: first with the builtin entries, then from LDIF.
type seeding struct {
	dir     *directory
	builtin map[string][]partial // attributes of builtin entries that the seed has not named yet
}

// load seeds the directory. The error names the line.
func (d *directory) load(seed io.Reader) error {
	s := &seeding{dir: d, builtin: make(map[string][]partial)}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	if err := s.read(strings.NewReader(builtinLDIF(d.domain)), s.plant); err != nil {
		return fmt.Errorf("builtin entries: %w", err)
	}
	if seed == nil {
		return nil
	}
	if err := s.read(seed, s.sow); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return nil
}

// read gives each record to put and says where one is wrong.
func (s *seeding) read(in io.Reader, put func(dn, ldifRecord) error) error {
	reader := newLDIFReader(in)
	for {
		rec, err := reader.record()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, err := parseDN(rec.dn)
		if err == nil && len(name) == 0 {
			err = errDN
		}
		if err != nil {
			return fmt.Errorf("line %d: %q %w", rec.line, rec.dn, err)
		}
		if err := put(name, rec); err != nil {
			return fmt.Errorf("line %d: entry %q: %w", rec.line, rec.dn, err)
		}
	}
}

// plant puts a builtin entry.
func (s *seeding) plant(name dn, rec ldifRecord) error {
	if rid, ok := wellKnownRIDs()[fold(name[0].value)]; ok && name[0].attribute == "cn" && name[1].norm == "cn=users" {
		// The template cannot know the domain's SID.
		rec.attributes = append(rec.attributes, partial{"objectSid", []string{withRID(s.dir.domain.sid, rid)}})
	}
	if name.norm() == s.dir.domain.base.norm() {
		rec.attributes = append(rec.attributes, partial{"objectSid", []string{s.dir.domain.sid}})
	}
	s.builtin[name.norm()] = rec.attributes
	return s.put(name, rec.attributes)
}

// sow puts an entry of the seed. The first mention of a builtin entry changes it:
// what the seed names replaces, the rest stays, its name among it.
func (s *seeding) sow(name dn, rec ldifRecord) error {
	norm := name.norm()
	builtin, ok := s.builtin[norm]
	if !ok {
		return s.put(name, rec.attributes)
	}
	delete(s.builtin, norm)
	named := make(map[string]bool)
	for _, a := range rec.attributes {
		named[fold(a.name)] = true
	}
	merged := rec.attributes
	for _, a := range builtin {
		if !named[fold(a.name)] {
			merged = append(merged, a)
		}
	}
	n := s.dir.store.byDN[norm]
	existing := n.current.Load()
	name, err := parseDN(existing.dn)
	if err != nil {
		return err
	}
	r, err := s.record(name, merged)
	if err != nil {
		return err
	}
	r.usnCreated = existing.usnCreated
	s.dir.store.replace(n, r)
	return nil
}

// put adds a new entry below its parent.
func (s *seeding) put(name dn, attributes []partial) error {
	st := s.dir.store
	if st.byDN[name.norm()] != nil {
		return errors.New("stands in the seed twice")
	}
	parent := st.byDN[name.parent().norm()]
	if head := name.norm(); parent == nil && head != s.dir.domain.base.norm() && head != s.dir.domain.config.norm() {
		return fmt.Errorf("its parent %q is not there; parents come first", name.parent().text())
	}
	r, err := s.record(name, attributes)
	if err != nil {
		return err
	}
	if parent != nil {
		r.nameBelow(parent.current.Load())
	}
	st.insert(r, parent)
	return nil
}

// record composes an entry and gives it its identifiers.
func (s *seeding) record(name dn, attributes []partial) (*record, error) {
	r, err := (&composer{dir: s.dir, name: name, from: fromSeed}).compose(attributes)
	if err != nil {
		return nil, seedText(err)
	}
	if err := s.dir.unique(r, s.dir.store.byDN[r.norm]); err != nil {
		return nil, seedText(err)
	}
	s.dir.identify(r, "")
	return r, nil
}

// seedText makes of an LDAP refusal what the author of a seed can use.
func seedText(err error) error {
	var refusal *result
	if !errors.As(err, &refusal) {
		return err
	}
	why, ok := map[code]string{
		noSuchAttribute:        "attribute %.64q is not in the schema",
		constraintViolation:    "attribute %.64q cannot be set",
		attributeOrValueExists: "attribute %.64q has a second value, or one value twice",
		invalidAttributeSyntax: "attribute %.64q has a value of the wrong form or length",
		objectClassViolation:   "object class and attributes do not fit: %.64s",
		entryAlreadyExists:     "another entry has the same %s",
		namingViolation:        "%s",
		unwillingToPerform:     "%s",
	}[refusal.code]
	if !ok || refusal.about == "" {
		return errors.New(strings.TrimSpace(refusal.text))
	}
	return fmt.Errorf(why, refusal.about)
}
