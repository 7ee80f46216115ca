package adsim

import (
	"cmp"
	"slices"
	"strings"
)

// truth is the outcome of a filter: X.511's three values. An entry is found when
// the whole filter is true; what is undefined stays so under not.
type truth int

const (
	no truth = iota
	yes
	undefined
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// Matching rules of extensible matches (MS-ADTS 3.1.1.3.4.4).
const (
	ruleBitAnd = "1.2.840.113556.1.4.803"
	ruleBitOr  = "1.2.840.113556.1.4.804"
	ruleChain  = "1.2.840.113556.1.4.1941" // LDAP_MATCHING_RULE_IN_CHAIN
)

// eval decides whether an entry fits; values is how attributes are read.
func (f *filter) eval(values func(*attrType) []string) truth {
	switch f.kind {
	case filterAnd:
		return f.combine(values, no, yes)
	case filterOr:
		return f.combine(values, yes, no)
	case filterNot:
		switch f.parts[0].eval(values) {
		case yes:
			return no
		case no:
			return yes
		}
		return undefined
	}
	// AD cannot search what it computes per answer, nor secrets.
	if f.typ == nil || f.typ.constructed || f.typ.secret {
		return undefined
	}
	if f.kind == filterPresent {
		return truthOf(len(values(f.typ)) > 0)
	}
	if !f.valid {
		return undefined
	}
	return truthOf(slices.ContainsFunc(values(f.typ), f.test))
}

// defined tells whether AD can evaluate the kind of match on the syntax at all. It
// knows no order of names and no substrings of anything but text and bytes.
func (f *filter) defined() bool {
	syntax := f.typ.syntax
	switch f.kind {
	case filterSubstrings:
		return syntax == syntaxText || syntax == syntaxOctets
	case filterGreater, filterLess:
		return syntax != syntaxDN && syntax != syntaxBool
	case filterExtensible:
		return f.rule == "" || f.rule == ruleChain && syntax == syntaxDN || syntax == syntaxInt && (f.rule == ruleBitAnd || f.rule == ruleBitOr)
	}
	return true
}

// combine evaluates and (decisive no) and or (decisive yes); neutral is the
// result when every part agrees with it.
func (f *filter) combine(values func(*attrType) []string, decisive, neutral truth) truth {
	outcome := neutral
	for _, part := range f.parts {
		switch part.eval(values) {
		case decisive:
			return decisive
		case undefined:
			outcome = undefined
		}
	}
	return outcome
}

// test compares one value with the assertion.
func (f *filter) test(value string) bool {
	switch {
	case f.kind == filterSubstrings:
		return f.match.test(f.typ, value)
	case f.kind == filterGreater:
		return compareValues(f.typ, value, f.key) >= 0
	case f.kind == filterLess:
		return compareValues(f.typ, value, f.key) <= 0
	case f.rule == ruleBitAnd:
		mask := numberOf([]string{f.key})
		return numberOf([]string{value})&mask == mask
	case f.rule == ruleBitOr:
		return numberOf([]string{value})&numberOf([]string{f.key}) != 0
	case f.rule == ruleChain:
		return f.chain[normDN(value)]
	}
	return equalTo(f.typ, f.key, value)
}

// equalTo tells whether a stored value equals an assertion in compared form.
func equalTo(t *attrType, key, value string) bool {
	if t.syntax == syntaxText {
		return equalFolded(key, value)
	}
	if t.syntax == syntaxDN && equalFolded(key, value) {
		return true // nearly every name is stored as it compares, but for case
	}
	own, ok := normalize(t, value)
	return ok && own == key
}

// compareValues orders a stored value against an assertion in compared form:
// numbers as numbers, all else as text.
func compareValues(t *attrType, value, key string) int {
	if t.syntax == syntaxInt {
		return cmp.Compare(numberOf([]string{value}), numberOf([]string{key}))
	}
	own, _ := normalize(t, value)
	return strings.Compare(own, key)
}

// test looks for the pieces in order, without overlap.
func (s substrings) test(t *attrType, value string) bool {
	if t.syntax == syntaxText {
		value = fold(value)
	}
	rest, ok := strings.CutPrefix(value, s.initial)
	if !ok {
		return false
	}
	for _, piece := range s.any {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	return strings.HasSuffix(rest, s.final)
}
