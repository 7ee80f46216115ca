package iisftp

import (
	"slices"
	"strings"
	"unicode"
)

// Parse reads what follows the script's name. The error is a *SyntaxError.
//
// An argument that is the name of a switch is that switch, so a value cannot be
// spelled "/s". One that only begins with a slash is a value where a path may be.
func Parse(args []string) (Call, error) {
	p := parser{call: Call{Site: Site{Port: 21, Isolation: NoIsolation}}, seen: map[string]bool{}}
	if slices.ContainsFunc(args, isHelp) {
		return helpCall(args), nil
	}
	for p.rest = args; len(p.rest) > 0; {
		if reason := p.next(); reason != "" {
			return Call{}, &SyntaxError{p.call.Operation, reason}
		}
	}
	if reason := p.finish(); reason != "" {
		return Call{}, &SyntaxError{p.call.Operation, reason}
	}
	return p.call, nil
}

func isHelp(word string) bool { return word == "/?" || strings.EqualFold(word, "/help") }

// helpCall asks for the help of the first operation that the line names.
func helpCall(args []string) Call {
	for _, word := range args {
		if s, ok := findShape(word); ok {
			return Call{Help: true, Operation: s.operation}
		}
	}
	return Call{Help: true}
}

// parser is half a command line. The methods return what is wrong, "" if nothing
// is.
type parser struct {
	call  Call
	shape shape
	words int             // arguments that the operation has got
	seen  map[string]bool // switches by their usual names
	rest  []string
}

func (p *parser) next() string {
	word := p.rest[0]
	p.rest = p.rest[1:]
	if s, ok := findShape(word); ok {
		return p.begin(s)
	}
	if o, ok := findOption(word); ok {
		return p.option(o, word)
	}
	return p.argument(word)
}

func (p *parser) begin(s shape) string {
	if p.call.Operation != "" {
		return "/" + string(p.call.Operation) + " and /" + string(s.operation) + " are two operations; one call does one"
	}
	p.call.Operation, p.shape = s.operation, s
	return ""
}

func (p *parser) option(o option, word string) string {
	name := o.names[0]
	if p.seen[name] {
		return "/" + name + " is given twice"
	}
	p.seen[name] = true
	value := ""
	if o.value != "" {
		if len(p.rest) == 0 || isSwitch(p.rest[0]) || p.rest[0] == "" {
			return word + " needs a value, " + o.value
		}
		value, p.rest = p.rest[0], p.rest[1:]
	}
	if o.secret {
		p.call.Exposed = append(p.call.Exposed, word)
	}
	if reason := o.set(&p.call, value); reason != "" {
		return word + ": the value " + reason
	}
	return ""
}

func isSwitch(word string) bool {
	_, operation := findShape(word)
	_, option := findOption(word)
	return operation || option
}

func (p *parser) argument(word string) string {
	slash := strings.HasPrefix(word, "/")
	place := p.words
	if p.shape.many {
		place = min(place, len(p.shape.arguments)-1)
	}
	switch full := place >= len(p.shape.arguments); {
	case slash && (full || !p.shape.arguments[place].path):
		return unknown(word)
	case p.call.Operation == "":
		return "the first argument is an operation, such as /GetADProp or /SetADProp"
	case full:
		return "/" + string(p.call.Operation) + " takes " + p.shape.list() + " and no more; a value with blanks stands in quotes"
	}
	p.words++
	a := p.shape.arguments[place]
	if reason := a.set(&p.call, word); reason != "" {
		return a.name + " " + reason
	}
	return ""
}

// unknown names a switch that nobody knows, without what may be a value that was
// written onto it, least of all a password.
func unknown(word string) string {
	for _, o := range options() {
		for _, name := range o.names {
			if o.secret && len(word) > len(name) && strings.EqualFold(word[1:len(name)+1], name) {
				return "there is no switch that begins with /" + name + " and goes on; a value stands behind its switch, after a blank"
			}
		}
	}
	name := word[1:]
	if end := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }); end >= 0 {
		name = name[:end]
	}
	const most = 20
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	return "there is no switch /" + name
}

// list names the arguments of an operation in a sentence.
func (s shape) list() string {
	var names []string
	for _, a := range s.arguments {
		names = append(names, a.name)
	}
	return strings.Join(names, ", ")
}
