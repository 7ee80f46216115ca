package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Select returns the checks that a scope and a level ask for, in the order of the
// table. An id ends in * to mean all that begin like it. The error names an id that
// no rule has.
func Select(all []Check, scope Scope, level int) ([]Check, error) {
	for _, id := range slices.Concat(scope.Rules, scope.Skip) {
		if !slices.ContainsFunc(all, func(c Check) bool { return matches(id, c.ID) }) {
			return nil, fmt.Errorf("there is no rule %q", id)
		}
	}
	var chosen []Check
	for _, c := range all {
		in := func(ids []string) bool {
			return slices.ContainsFunc(ids, func(id string) bool { return matches(id, c.ID) })
		}
		if c.Level <= level && (len(scope.Rules) == 0 || in(scope.Rules)) && !in(scope.Skip) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("no rule is left to run")
	}
	return chosen, nil
}

func matches(pattern, id string) bool {
	begun, all := strings.CutSuffix(pattern, "*")
	if all {
		return len(id) >= len(begun) && strings.EqualFold(id[:len(begun)], begun)
	}
	return strings.EqualFold(pattern, id)
}

// Cost says, before anything is asked, what an audit of a level asks of whom.
func Cost(level int) string {
	cost := "directory: one search, 1,000 users a page, and a handful of single reads, and one search for homes in each other domain of the forest, and at each of several domain controllers; "
	switch {
	case level <= 0:
		return cost + "no file server is asked"
	case level == 1:
		return cost + "file servers: the address of each, and one question without a login"
	}
	cost += "file servers: up to 4 logins at each, one look at each home, and a list of each folder that homes lie in"
	if level > 2 {
		cost += "; and the groups of each user with a home, and of each home its owner, its access list, and up to 10,000 entries of what is in it"
	}
	return cost
}

// LevelOf returns the level that some checks need.
func LevelOf(checks []Check) int {
	level := 0
	for _, c := range checks {
		level = max(level, c.Level)
	}
	return level
}
