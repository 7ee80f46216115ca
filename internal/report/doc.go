// Package report makes documents of the outcome of an audit: SARIF for what gathers
// findings, JUnit for build servers, Markdown for tickets, and one HTML file for people.
// Each is made from audit.Report alone, so that it can be made again from its JSON.
//
//	write.go     the forms, and what all of them get
//	read.go      a report out of its JSON
//	redact.go    a report without names
//	visible.go   texts without anything that could act
//	sarif.go     SARIF 2.1.0; sarif_objects.go has its objects
//	junit.go     JUnit XML
//	markdown.go  Markdown, as GitHub and GitLab read it
//	html.go      the page: its frame, which is ours, and its body, a template
//	charts.go    bars of the page
//	places.go    servers, shares and homes of the page
//
// Whatever a report holds is hostile: it comes from a directory that others may write,
// or from a file. It is made visible before a writer sees it, and each writer escapes
// what its own form would obey.
package report
