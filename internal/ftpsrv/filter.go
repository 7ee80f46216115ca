package ftpsrv

// CommandFilter says which commands a client may use (commandFiltering). The zero
// value allows all.
type CommandFilter struct {
	DenyUnlisted bool
	Entries      map[string]bool // verb in capital letters → allowed
}

// allows decides by the verb as it was typed, then by the one it is an alias of: who
// denies RMD means XRMD, too.
func (f CommandFilter) allows(verb string, row *command) bool {
	allowed, listed := f.Entries[verb]
	if !listed {
		allowed, listed = f.Entries[row.verb]
	}
	if !listed {
		return !f.DenyUnlisted
	}
	return allowed
}
