package adsim

import (
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// filterKind is the choice tag of a filter (RFC 4511, 4.5.1.7).
type filterKind ber.Tag

const (
	filterAnd        filterKind = 0
	filterOr         filterKind = 1
	filterNot        filterKind = 2
	filterEqual      filterKind = 3
	filterSubstrings filterKind = 4
	filterGreater    filterKind = 5
	filterLess       filterKind = 6
	filterPresent    filterKind = 7
	filterApprox     filterKind = 8
	filterExtensible filterKind = 9
)

// filter is a decoded search filter.
type filter struct {
	kind  filterKind
	parts []*filter  // of and, or, not
	name  string     // attribute as received
	value string     // assertion as received
	rule  string     // matching rule of an extensible match
	dn    bool       // ":dn" of an extensible match; AD ignores it
	given substrings // as received
	match substrings // in compared form
	typ   *attrType  // nil when the schema has no such attribute: undefined
	key   string     // value in compared form
	valid bool       // value has the syntax of typ; otherwise undefined

	chain map[string]bool // ruleChain: the names that lead to the value, in compared form
}

// substrings are the pieces of a substring match.
type substrings struct {
	initial, final string
	any            []string
}

// maxTerms bounds the work that one filter can ask for per entry.
const maxTerms = 4096

// filterDecoder turns BER into filters and counts them.
type filterDecoder struct {
	dir   *directory
	terms int
}

func decodeFilter(d *directory, p *ber.Packet) (*filter, error) {
	decoder := filterDecoder{dir: d}
	return decoder.decode(p)
}

func (fd *filterDecoder) decode(p *ber.Packet) (*filter, error) {
	if fd.terms++; fd.terms > maxTerms {
		return nil, refuse(adminLimitExceeded, errAdminLimit, "the filter has too many terms")
	}
	if p.ClassType != ber.ClassContext {
		return nil, malformed("class %d where a filter is", p.ClassType)
	}
	f := &filter{kind: filterKind(p.Tag)}
	if (p.TagType == ber.TypePrimitive) != (f.kind == filterPresent) {
		return nil, malformed("filter %d in the wrong form", p.Tag)
	}
	switch f.kind {
	case filterPresent:
		f.name = p.Data.String()
		return f, fd.prepare(f)
	case filterAnd, filterOr:
		return f, fd.list(f, p.Children)
	case filterNot:
		if len(p.Children) != 1 {
			return nil, malformed("not of %d filters", len(p.Children))
		}
		return f, fd.list(f, p.Children)
	case filterEqual, filterGreater, filterLess, filterApprox:
		return f, fd.assertion(f, p.Children)
	case filterSubstrings:
		return f, fd.substrings(f, p.Children)
	case filterExtensible:
		return f, fd.extensible(f, p.Children)
	}
	return nil, malformed("filter %d", p.Tag)
}

func (fd *filterDecoder) list(f *filter, children []*ber.Packet) error {
	for _, child := range children {
		part, err := fd.decode(child)
		if err != nil {
			return err
		}
		f.parts = append(f.parts, part)
	}
	return nil
}

// assertion reads attribute and value.
func (fd *filterDecoder) assertion(f *filter, children []*ber.Packet) (err error) {
	if len(children) != 2 {
		return malformed("assertion of %d parts", len(children))
	}
	if f.name, err = octets(children[0]); err != nil {
		return err
	}
	if f.value, err = octets(children[1]); err != nil {
		return err
	}
	return fd.prepare(f)
}

// prepare finds the type and brings the assertion into the compared form. A type
// that the schema does not have is no error but undefined.
func (fd *filterDecoder) prepare(f *filter) error {
	nameless := f.name == "" && f.kind == filterExtensible && f.rule != ""
	if !nameless && !validDescription(f.name) || f.rule != "" && !validDescription(f.rule) {
		return malformed("%.64q where an attribute is named", f.name)
	}
	if strings.EqualFold(f.rule, "dn") { // in a filter's text that is another part (RFC 4515, 3)
		return malformed("no matching rule is called dn")
	}
	t, ok := fd.dir.schema.attribute(f.name)
	if !ok {
		return nil
	}
	f.typ = t
	f.key, f.valid = normalizeAssertion(fd.dir, t, f.value)
	f.valid = f.valid && f.defined()
	if f.valid && f.kind == filterExtensible && f.rule == ruleChain {
		f.chain = chainTo(fd.dir, t, f.key)
	}
	return nil
}

// normalizeAssertion is normalize with what AD allows in filters only: a class
// name where objectCategory wants a DN (MS-ADTS 3.1.1.3.1.3.5).
func normalizeAssertion(d *directory, t *attrType, value string) (string, bool) {
	if t == d.schema.known.objectCategory && !strings.Contains(value, "=") {
		if c, ok := d.schema.classes[fold(value)]; ok {
			return normDN(c.objectCategory[0]), true
		}
		return "", false
	}
	return normalize(t, value)
}

func (fd *filterDecoder) substrings(f *filter, children []*ber.Packet) (err error) {
	if len(children) != 2 {
		return malformed("substrings of %d parts", len(children))
	}
	if f.name, err = octets(children[0]); err != nil {
		return err
	}
	pieces, err := members(children[1], ber.TagSequence)
	if err != nil {
		return err
	}
	if len(pieces) == 0 {
		return malformed("substrings without a piece")
	}
	if err := fd.prepare(f); err != nil {
		return err
	}
	f.valid = f.typ != nil && f.defined()
	for i, piece := range pieces {
		if err := f.given.take(piece, i == 0, i == len(pieces)-1); err != nil {
			return err
		}
	}
	f.match = f.given
	if f.valid && f.typ.syntax == syntaxText {
		f.match = f.given.folded()
	}
	return nil
}

func (s substrings) folded() substrings {
	folded := substrings{initial: fold(s.initial), final: fold(s.final)}
	for _, piece := range s.any {
		folded.any = append(folded.any, fold(piece))
	}
	return folded
}

func (s *substrings) take(p *ber.Packet, first, last bool) error {
	text, ok := tagged(p, p.Tag)
	if !ok {
		return malformed("a piece of a substring is not a string")
	}
	switch {
	case p.Tag == 0 && first:
		s.initial = text
	case p.Tag == 1:
		s.any = append(s.any, text)
	case p.Tag == 2 && last:
		s.final = text
	default:
		return malformed("piece %d of a substring in the wrong place", p.Tag)
	}
	return nil
}

// extensible reads a MatchingRuleAssertion.
func (fd *filterDecoder) extensible(f *filter, children []*ber.Packet) error {
	for _, child := range children {
		text, ok := tagged(child, child.Tag)
		if !ok {
			return malformed("a part of an extensible match is constructed")
		}
		switch child.Tag {
		case 1:
			f.rule = text
		case 2:
			f.name = text
		case 3:
			f.value = text
		case 4:
			f.dn = text != "" && text != "\x00"
		default:
			return malformed("part %d of an extensible match", child.Tag)
		}
	}
	return fd.prepare(f)
}
