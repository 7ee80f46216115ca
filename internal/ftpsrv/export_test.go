package ftpsrv

// Verbs returns each verb of the command tables with its alias, if it has one. The
// two kinds of servers differ in a few.
func Verbs() map[string]string {
	verbs := make(map[string]string)
	for _, iis := range []bool{false, true} {
		for _, row := range newCommandTable(Config{IIS: iis}).rows {
			verbs[row.verb] = row.alias
		}
	}
	return verbs
}

// ClosedVerbs returns the verbs and aliases of a kind of servers that need a login.
func ClosedVerbs(iis bool) []string {
	var verbs []string
	table := newCommandTable(Config{IIS: iis})
	for _, verb := range table.verbs() {
		if row, _ := table.find(verb); !row.has(beforeLogin) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

// UnrightedVerbs returns the verbs that need a login but neither the right to read
// nor that to write.
func UnrightedVerbs() []string {
	var verbs []string
	for _, row := range newCommandTable(Config{IIS: true}).rows {
		if !row.has(beforeLogin | reads | writes) {
			verbs = append(verbs, row.verb)
		}
	}
	return verbs
}
