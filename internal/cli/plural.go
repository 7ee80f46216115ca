package cli

import (
	"strconv"
	"strings"
)

// plural counts things: "1 home", "2 homes".
func plural(n int, what string) string { return strconv.Itoa(n) + " " + several(n, what) }

// several is the word for so many things, without their number.
func several(n int, what string) string {
	stem, y := strings.CutSuffix(what, "y")
	return what[:len(stem)] + agree(n, what[len(stem):], map[bool]string{true: "ies", false: "s"}[y])
}

// agree chooses what goes with one, or with any other number.
func agree(n int, one, others string) string {
	if n == 1 {
		return one
	}
	return others
}
