package secdesc

import (
	"fmt"
	"strings"
)

// word is what people call some rights.
type word struct {
	rights Rights
	text   string
}

func fileWords() []word {
	return []word{
		{FileFull, "full"},
		{FileModify, "modify"},
		{FileReadExecute, "read and execute"},
		{FileRead, "read"},
		{FileExecute &^ ReadControl &^ Synchronize, "traverse"},
		// ReadControl and Synchronize come with reading, and nobody takes "write"
		// for more than the rest.
		{FileWrite &^ ReadControl &^ Synchronize, "write"},
		{ListFolder, "list"},
		{AddFile, "add files"},
		{AddFolder, "add folders"},
		{ReadEA, "read extended attributes"},
		{WriteEA, "write extended attributes"},
		{Traverse, "execute"},
		{DeleteChild, "delete what is inside"},
		{ReadAttributes, "read attributes"},
		{WriteAttributes, "write attributes"},
	}
}

func objectWords() []word {
	return []word{
		{ObjectFull, "full"},
		{CreateChild, "create children"},
		{RemoveChild, "delete children"},
		{ListContents, "list contents"},
		{ValidatedSelf, "validated writes"},
		{ReadProperty, "read properties"},
		{WriteProperty, "write properties"},
		{DeleteTree, "delete tree"},
		{ListObject, "list object"},
		{ControlAccess, "extended rights"},
	}
}

func commonWords() []word {
	return []word{
		{Delete, "delete"},
		{ReadControl, "read permissions"},
		{WriteDACL, "change permissions"},
		{WriteOwner, "take ownership"},
		{Synchronize, "synchronize"},
		{GenericAll, "generic all"},
		{GenericRead, "generic read"},
		{GenericWrite, "generic write"},
		{GenericExecute, "generic execute"},
	}
}

// Names returns the rights in words, the most telling first: "modify" instead of
// its thirteen parts. Bits without a word are one number at the end. Generic rights
// are named as such; Expand first to see what they come to.
func (r Rights) Names(k Kind) []string {
	words := fileWords()
	if k == Object {
		words = objectWords()
	}
	var names []string
	left := r
	for _, w := range append(words, commonWords()...) {
		// A word must say something new, and nothing that is not there.
		if r&w.rights == w.rights && left&w.rights != 0 {
			names = append(names, w.text)
			left &^= w.rights
		}
	}
	if left != 0 {
		names = append(names, fmt.Sprintf("0x%x", uint32(left)))
	}
	return names
}

// Text is Names in one line; "nothing" for no rights.
func (r Rights) Text(k Kind) string {
	if r == 0 {
		return "nothing"
	}
	return strings.Join(r.Names(k), ", ")
}
