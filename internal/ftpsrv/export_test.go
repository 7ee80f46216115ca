package ftpsrv

// What no dialog reaches whole.
var (
	FromANSI = fromANSI
	Local    = local
	Grouped  = grouped
	// Sentences are what sub-statuses mean.
	Sentences = sentences
)

// ToANSI is text in the code page.
func ToANSI(text string) string { return string(appendANSI(nil, []byte(text))) }

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

// Features returns the lines that FEAT has on the account of some verb.
func Features() []string {
	var lines []string
	for _, row := range newCommandTable(Config{IIS: true, ModeZ: &ModeZ{}}).rows {
		lines = append(lines, row.feat, row.more)
	}
	for _, row := range newCommandTable(Config{}).rows {
		lines = append(lines, row.feat)
	}
	return lines
}

// ClosedVerbs returns the verbs and aliases of a kind of servers that need a login.
func ClosedVerbs(iis bool) []string {
	var verbs []string
	for verb, row := range newCommandTable(Config{IIS: iis}).byVerb {
		if !row.has(beforeLogin) {
			verbs = append(verbs, verb)
		}
	}
	return verbs
}

// UnrightedVerbs returns the verbs that need a login but neither the right to read
// nor that to write.
func UnrightedVerbs() []string {
	var verbs []string
	for _, cfg := range []Config{{IIS: true}, {}} {
		for _, row := range newCommandTable(cfg).rows {
			if !row.has(beforeLogin | reads | writes) {
				verbs = append(verbs, row.verb)
			}
		}
	}
	return verbs
}
