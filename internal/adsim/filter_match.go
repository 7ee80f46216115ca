package adsim

import (
	"cmp"
	"strconv"
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
	for _, value := range values(f.typ) {
		if found := f.test(value); found != no {
			return found
		}
	}
	return no
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
func (f *filter) test(value string) truth {
	switch f.kind {
	case filterEqual, filterApprox:
		return truthOf(equalTo(f.typ, f.key, value))
	case filterSubstrings:
		return f.match.test(f.typ, value)
	case filterGreater:
		return f.order(value, func(sign int) bool { return sign >= 0 })
	case filterLess:
		return f.order(value, func(sign int) bool { return sign <= 0 })
	}
	return f.apply(value)
}

// equalTo tells whether a stored value equals an assertion in compared form.
func equalTo(t *attrType, key, value string) bool {
	if t.syntax == syntaxText {
		return equalFolded(key, value)
	}
	own, ok := normalize(t, value)
	return ok && own == key
}

// order compares numbers as numbers and everything else as text; names have none.
func (f *filter) order(value string, holds func(sign int) bool) truth {
	own, ok := normalize(f.typ, value)
	if !ok || f.typ.syntax == syntaxDN || f.typ.syntax == syntaxBool {
		return undefined
	}
	if f.typ.syntax == syntaxInt {
		a, _ := strconv.ParseInt(own, 10, 64) // both are in compared form
		b, _ := strconv.ParseInt(f.key, 10, 64)
		return truthOf(holds(cmp.Compare(a, b)))
	}
	return truthOf(holds(strings.Compare(own, f.key)))
}

// apply evaluates an extensible match: AD's two bit rules on numbers, or plain
// equality when no rule is named.
func (f *filter) apply(value string) truth {
	if f.rule == "" {
		return truthOf(equalTo(f.typ, f.key, value))
	}
	if f.typ.syntax != syntaxInt {
		return undefined
	}
	own, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return undefined
	}
	mask, _ := strconv.ParseInt(f.key, 10, 64) // f.valid says that it parses
	switch f.rule {
	case ruleBitAnd:
		return truthOf(own&mask == mask)
	case ruleBitOr:
		return truthOf(own&mask != 0)
	}
	return undefined
}

// test looks for the pieces in order, without overlap.
func (s substrings) test(t *attrType, value string) truth {
	switch t.syntax {
	case syntaxText:
		value = fold(value)
	case syntaxOctets:
	default:
		return undefined // AD knows no substrings of names, numbers and the like
	}
	rest, ok := strings.CutPrefix(value, s.initial)
	if !ok {
		return no
	}
	for _, piece := range s.any {
		i := strings.Index(rest, piece)
		if i < 0 {
			return no
		}
		rest = rest[i+len(piece):]
	}
	return truthOf(strings.HasSuffix(rest, s.final))
}
