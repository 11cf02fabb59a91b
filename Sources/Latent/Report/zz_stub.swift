enum ReportPage { static func write(_ c: ReportContent, to: String) throws {} }
