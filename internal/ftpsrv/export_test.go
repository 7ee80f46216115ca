package ftpsrv

// Verbs returns each verb of the command table with its alias, if it has one.
func Verbs() map[string]string {
	verbs := make(map[string]string)
	for _, row := range newCommandTable(Config{IIS: true}).rows {
		verbs[row.verb] = row.alias
	}
	return verbs
}

// ClosedVerbs returns the verbs and aliases that need a login.
func ClosedVerbs() []string {
	var verbs []string
	table := newCommandTable(Config{IIS: true})
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
