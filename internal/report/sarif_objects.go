package report

import "github.com/ftpisoctl/ftpisoctl/internal/audit"

// The objects of SARIF 2.1.0 that are used, named as there (OASIS, section 3).

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Automation  sarifAutomation   `json:"automationDetails"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
	Properties  sarifRunFacts     `json:"properties"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name     string      `json:"name"`
	FullName string      `json:"fullName,omitempty"`
	Rules    []sarifRule `json:"rules"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifRule struct {
	ID            string         `json:"id"`
	Short         sarifText      `json:"shortDescription"`
	Full          sarifText      `json:"fullDescription"`
	Help          sarifText      `json:"help"`
	Configuration sarifSetting   `json:"defaultConfiguration"`
	Properties    sarifRuleFacts `json:"properties"`
}

type sarifSetting struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

// sarifRuleFacts is a property bag. GitHub weighs by "security-severity".
type sarifRuleFacts struct {
	Tags       []string       `json:"tags"`
	Security   string         `json:"security-severity"`
	Severity   audit.Severity `json:"severity"`
	Level      int            `json:"level"`
	Found      int            `json:"found"`
	Passed     int            `json:"passed"`
	NotChecked int            `json:"notChecked"`
	Suppressed int            `json:"suppressed"`
}

type sarifRunFacts struct {
	Domain   string       `json:"domain,omitempty"`
	Server   string       `json:"server,omitempty"`
	Level    int          `json:"level"`
	Accounts int          `json:"accounts"`
	Homes    int          `json:"homes"`
	Scope    *audit.Scope `json:"scope,omitempty"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Start         string              `json:"startTimeUtc,omitempty"`
	End           string              `json:"endTimeUtc,omitempty"`
	Notifications []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level   string         `json:"level"`
	Message sarifText      `json:"message"`
	Rule    *sarifRuleLink `json:"associatedRule,omitempty"`
}

type sarifRuleLink struct {
	ID    string `json:"id"`
	Index *int   `json:"index,omitempty"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    *int               `json:"ruleIndex,omitempty"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Fingerprints map[string]string  `json:"partialFingerprints,omitempty"`
	Suppressions []sarifSuppression `json:"suppressions"`
	Properties   sarifFacts         `json:"properties"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	Line int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"name,omitempty"`
	Full string `json:"fullyQualifiedName,omitempty"`
	Kind string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

// sarifFacts is the property bag of a result.
type sarifFacts struct {
	Severity audit.Severity   `json:"severity"`
	Domain   string           `json:"domain,omitempty"`
	Login    string           `json:"login,omitempty"`
	DN       string           `json:"dn,omitempty"`
	GUID     string           `json:"guid,omitempty"`
	SID      string           `json:"sid,omitempty"`
	Location string           `json:"location,omitempty"`
	Evidence []audit.Evidence `json:"evidence,omitempty"`
	Remedy   string           `json:"remedy,omitempty"`
}
