package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unknown says why a key is not accepted. Passwords get their reason, anything
// else the nearest key that exists.
func unknown(key string, fields map[string][]int) string {
	switch {
	case strings.EqualFold(key, "adPassword"):
		return "a password does not belong into this file; use adPasswordFile or adPasswordCommand"
	case strings.EqualFold(key, "password") || strings.EqualFold(key, "bindPassword"):
		return "a password does not belong into this file; use passwordFile or passwordCommand"
	}
	names := slices.Sorted(maps.Keys(fields))
	if best := nearest(key, names); best != "" {
		return fmt.Sprintf("unknown key; did you mean %s?", best)
	}
	return "unknown key; known here: " + strings.Join(names, ", ")
}

// nearest returns the name that word may be a slip of, "" if there is none.
func nearest(word string, names []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, name := range names {
		if d := distance(strings.ToLower(word), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is the Levenshtein distance, on the beginnings of both words, since a
// key in a hostile file may have any length.
func distance(a, b string) int {
	const most = 64
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
