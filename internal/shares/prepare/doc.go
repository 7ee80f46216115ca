// Package prepare makes the home directories that are missing: it works out which
// they are, and that is a plan that can be looked at; makes exactly those, each with
// its access list from the first moment on; and takes them back.
//
//	template.go  whose a directory is and who may do what in it
//	plan.go      Plan and Entry: what is to be made, repaired or removed
//	gather.go    users → distinct places, by server
//	look.go      places → plan: what stands there, what is missing above
//	site.go      one server, or this machine, and what is asked of it
//	remote.go    a share, entered once for many directories
//	local*.go    folders of this machine
//	apply.go     plan → directories, window by window, with a journal
//	settle.go    what a run that was killed has left open
//	undo.go      journal → plan
//
// On a file server a directory is made inside a workshop, a folder beside it that
// only administrators enter, gets its list there and then its name. So whoever kills
// a run kills it before a directory has its name or after it has its list. What
// stands in the place of a home already is not touched, unless that is asked for.
//
// A folder of this machine on Unix has a mode and no such list: it is made with the
// mode that the process gives, since the service that serves it is who enters.
package prepare
