// Package survey visits the homes of many users at once and says what is wrong
// with them. It reads only: nothing is opened for writing, and rights are computed
// from descriptors and not tried.
//
//	survey.go   Config, Run: users in, records out, in a fixed order
//	gather.go   users → distinct places, by server and share
//	visit.go    one server: what must go well before any of its homes is looked at
//	lanes.go    its sessions, the questions under way in each, and lost connections
//	home.go     one home: what stands in its place
//	local.go    the same on this machine
//	rights.go   descriptor and group membership → what a user may do
//	orphans.go  directories beside homes, to which nobody points
//	lister.go   what is in a folder
//	extent.go   how much is in a home
//	volume.go   one share: space, quota and what is expected to be used
//	record.go   Home, Share and Server, which Run hands out
//	finding.go  what can be wrong, with an id for each cause
//	size.go     sizes and thresholds as people write them
//
// One cause is one finding: a server that cannot be reached is reported once, with
// the number of users behind it, and its homes count as not checked, which is
// neither passed nor failed.
package survey
