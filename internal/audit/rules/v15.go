package rules

import (
	"fmt"
	"strconv"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/winpath"
)

// The lengths of paths, in UTF-16 units: what classic Windows programs create, and
// what leaves room for the names of users' files.
const (
	longestDirectory = 247
	roomyPath        = 200
)

// v15 finds homes in which there is no room for names.
func v15() audit.Check {
	return audit.Check{Rule: audit.Rule{
		ID: "V15", Title: "path too long", Severity: audit.Medium,
		Explanation: "Root and directory together are longer than 247 characters, the most of a directory for programs without long paths. From 200 on the finding is low: users add names of their own.",
		Remedy:      "Move the home to a shorter path, or its share further down.",
		References:  []string{"Microsoft, Maximum Path Length Limitation"},
	}, Account: valid(func(a *audit.Account, _ *audit.Settings) audit.Answer {
		path := a.Home.Location().String()
		n := winpath.Units(path)
		if n < roomyPath {
			return audit.Answer{}
		}
		answer := found(a, path, fmt.Sprintf("the home has a path of %d characters", n), audit.Evidence{Name: "length", Value: strconv.Itoa(n)})
		if n <= longestDirectory {
			answer.Severity = audit.Low
		}
		return answer
	})}
}
