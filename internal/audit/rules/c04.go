package rules

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// mostContainers bounds how many descriptors are read.
const mostContainers = 200

// c04 finds who may send users elsewhere. A user's own descriptor shows all that the
// containers above hand down, so one user of each container tells.
func c04() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "C04", Title: "others than administrators may write the attributes", Severity: audit.High,
		Explanation: "Somebody who is no administrator may write msIIS-FTPRoot or msIIS-FTPDir of users: by the attribute, by all properties, or by changing the permissions or the owner. Whoever can write them can give themselves the home of another, and choose the server that gets the password. One user of each container was looked at; entries on single users are not seen. A group that is meant to do this is a finding to be accepted with a reason.",
		Remedy:      "Take the right away, or accept the finding with the name of who decided; ftpisoctl delegate gives the right to one group alone.",
		References:  []string{"MS-ADTS 5.1.3", "MS-DTYP 2.4.4"},
	}, Domain: func(ctx context.Context, c *audit.Crowd, s *audit.Settings, tell tellObject) error {
		writers := map[secdesc.SID][]string{}
		containers := maps.Collect(c.Parents)
		for i, container := range slices.Sorted(maps.Keys(containers)) {
			switch {
			case s.Permissions == nil:
				tell(audit.Object{}, notChecked(noDirectory))
				continue
			case i >= mostContainers:
				tell(audit.Object{}, notChecked(fmt.Sprintf("descriptors in %d containers are read at most", mostContainers)))
				continue
			}
			secured, err := s.Permissions.Descriptor(ctx, containers[container].DN)
			if err != nil {
				tell(audit.Object{}, notChecked("a descriptor cannot be read: "+err.Error()))
				continue
			}
			found := writersOf(secured.Descriptor, containers[container].SID)
			for _, sid := range found {
				writers[sid] = append(writers[sid], container)
			}
			if len(found) == 0 {
				tell(audit.Object{}, audit.Answer{})
			}
		}
		return blame(ctx, s, writers, tell)
	}}
}

// blame tells who writes where, and passes the containers in which only administrators
// of other domains of the forest do.
func blame(ctx context.Context, s *audit.Settings, writers map[secdesc.SID][]string, tell tellObject) error {
	if len(writers) == 0 {
		return nil
	}
	trustees := slices.Sorted(maps.Keys(writers))
	names, err := s.Permissions.Names(ctx, trustees)
	guilty := map[string]bool{} // containers
	for _, sid := range trustees {
		places := writers[sid]
		if administersSomewhere(sid) && names[sid] != sid.String() {
			continue
		}
		for _, container := range places {
			guilty[container] = true
		}
		tell(audit.Object{Login: names[sid], SID: sid.String()}, audit.Answer{
			Status: audit.Found, Location: sid.String(), Message: names[sid] + " may write the attributes of users in " + places[0],
			Evidence: []audit.Evidence{{Name: "containers", Value: strconv.Itoa(len(places))}, {Name: "such as", Value: strings.Join(places[:min(len(places), shown)], "; ")}},
		})
	}
	passed := map[string]bool{}
	for _, container := range slices.Concat(slices.Collect(maps.Values(writers))...) {
		if !guilty[container] && !passed[container] {
			passed[container] = true
			tell(audit.Object{}, audit.Answer{})
		}
	}
	return err
}

// writersOf are the trustees of a descriptor who may write one of the attributes or
// give themselves the right, without those who administer the domain anyway. An entry
// that denies does not count: it may be behind the one that allows.
func writersOf(d secdesc.Descriptor, user string) []secdesc.SID {
	if d.DACL == nil {
		return []secdesc.SID{secdesc.Everyone}
	}
	own, _ := secdesc.ParseSID(user) // without one there are no administrators of its domain
	var found []secdesc.SID
	for _, e := range d.DACL.Entries {
		allows := e.Type == secdesc.Allowed || e.Type == secdesc.AllowedObject || e.Type == secdesc.AllowedCallback || e.Type == secdesc.AllowedCallbackObject
		if allows && e.Flags&secdesc.InheritOnly == 0 && writesHome(e) && !administers(e.SID, own.Domain()) && !slices.Contains(found, e.SID) {
			found = append(found, e.SID)
		}
	}
	return found
}

// writesHome reports whether an entry is enough to change one of the attributes.
func writesHome(e secdesc.ACE) bool {
	const whole = secdesc.GenericAll | secdesc.GenericWrite | secdesc.WriteDACL | secdesc.WriteOwner
	if e.Object == nil {
		return e.Mask&(whole|secdesc.WriteProperty) != 0
	}
	// The schemaIDGUIDs of the two attributes, which are in no property set.
	ours := slices.Contains([]string{"2a7827a4-1483-49a5-9d84-52e3812156b4", "8a5c99e9-2230-46eb-b8e8-e59d712eb9ee"}, e.Object.String())
	return e.Mask&(secdesc.WriteDACL|secdesc.WriteOwner) != 0 || ours && e.Mask&(whole|secdesc.WriteProperty) != 0
}

// administers reports whether a trustee administers the accounts of a domain by its own
// nature.
func administers(sid, domain secdesc.SID) bool {
	switch sid.String() {
	case "S-1-5-18", "S-1-5-9", "S-1-5-32-544", "S-1-5-32-548": // the system, domain controllers, Administrators, Account Operators
		return true
	}
	return administersSomewhere(sid) && sid.Domain() == domain
}

// administersSomewhere reports whether a trustee is the administrators of some domain. In
// one of strangers the same numbers are strangers.
func administersSomewhere(sid secdesc.SID) bool {
	const domainAdmins, domainControllers, enterpriseAdmins = 512, 516, 519
	return sid.Domain() != "" && slices.Contains([]uint32{domainAdmins, domainControllers, enterpriseAdmins}, sid.RID())
}
