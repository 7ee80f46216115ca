package audit

// Compare tells two lists of findings apart by their fingerprints: found are those of
// after that are open and were not before, resolved those that were open before and are
// not there any more, each in the order of its list. Whoever has accepted a finding has
// not resolved it, so one that is suppressed now is in neither list; one that was, and
// is open now, is found.
func Compare(before, after []Finding) (found, resolved []Finding) {
	open, there := map[string]bool{}, map[string]bool{}
	for i := range before {
		if before[i].Status == Found {
			open[before[i].Fingerprint] = true
		}
	}
	for i := range after {
		f := &after[i]
		if f.Status == Found && !open[f.Fingerprint] && !there[f.Fingerprint] {
			found = append(found, *f)
		}
		there[f.Fingerprint] = true
	}
	for i := range before {
		f := &before[i]
		if f.Status == Found && !there[f.Fingerprint] {
			resolved = append(resolved, *f)
			there[f.Fingerprint] = true
		}
	}
	return found, resolved
}
