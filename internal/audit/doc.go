// Package audit finds out whether the isolation of FTP users holds: it reads the
// accounts of a domain once, asks rules about each of them and about all together,
// and returns a Report, from which every form of output is made.
//
//	severity.go status.go  the two scales
//	rule.go                what a rule is, and what it answers
//	finding.go report.go   the records of a report, pinned as JSON
//	engine.go              accounts past rules
//	scope.go               which rules run, and what their answers weigh
//	pathindex.go           homes of all accounts, sorted: same and nested ones
//	crowd.go               what is kept of all accounts
//	reached.go             homes behind DFS and mapped folders
//	fixes.go               fixes that would make other findings
//	visit.go               rules past what a survey finds at servers, shares and homes
//	circle.go              who gets into the home of whom
//	suppress.go            findings known before, and findings that are accepted
//	compare.go             what came and what went between two audits
//	atlas.go               what became of places, under the names of the attributes
//	difference.go          what became of the findings of a report, and what nobody can tell
//	servers.go             servers, shares and homes for the map
//
// Nothing here writes, neither to the directory nor to a share.
package audit
